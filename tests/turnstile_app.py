"""The script of the page behind the turnstile."""

from tests import turnstile

turnstile.page()
