"""Everything that can go wrong in a way a person can act on.

SoundproofError
├── SourceError          what was given cannot be read as anything we know
│   ├── AudioError       not audio, or audio that cannot be decoded
│   └── DocumentError    a transcript, notes, brief or feed that is damaged
├── FetchError           the network said no, or an address is refused
│   └── PassingFetchError  … for now: the same address may work later
├── WeightsError         a model's weights are not here and cannot be had
├── LibraryError         the record cannot be opened, read or written
│   ├── NotFoundError    no episode (or passage, or file) of that name
│   ├── EmptyLibraryError  a question to a library that holds nothing
│   ├── NewerLibraryError  written by a later version of Soundproof
│   └── DiskFullError    no room left; what was saved stays saved
├── IndexOwnedError      another process owns the vector index's folder
├── WriterError          the language model failed or answered nonsense
│   ├── PassingWriterError  … for now: the same request may work later
│   ├── TooLongError     it was given more to read than its context holds
│   ├── CutOffError      its reply was cut off before its end
│   └── RefusedError     it will not do what it was asked
├── NamingError          a name, or a correction of one, that makes no sense
└── SettingsError        a setting that makes no sense
"""


class SoundproofError(Exception):
    """Something a person can act on: what happened, and (`hint`) what to do.

    >>> error = SoundproofError("talk.mp3 is not there", hint="Check the path.")
    >>> str(error), error.hint
    ('talk.mp3 is not there', 'Check the path.')
    """

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class SourceError(SoundproofError):
    """What was given cannot be read as anything we know."""


class AudioError(SourceError):
    """Not audio, or audio that cannot be decoded."""


class DocumentError(SourceError):
    """A transcript, show notes, brief or feed that is damaged."""


class FetchError(SoundproofError):
    """The network said no, or the address is refused."""


class PassingFetchError(FetchError):
    """The network said no for now; `after` is the seconds of rest it asked for, 0 for unsaid."""

    def __init__(self, message: str, *, hint: str, after: float = 0.0) -> None:
        super().__init__(message, hint=hint)
        self.after = after


class WeightsError(SoundproofError):
    """A model's weights are not here and cannot be had."""


class LibraryError(SoundproofError):
    """The record cannot be opened, read or written."""


class NotFoundError(LibraryError):
    """No episode, passage or artefact of that name."""


class EmptyLibraryError(LibraryError):
    """A question to a library that holds nothing."""


class NewerLibraryError(LibraryError):
    """The library was written by a later version of Soundproof."""


class DiskFullError(LibraryError):
    """No room is left on the disk; what was saved stays saved."""


class IndexOwnedError(SoundproofError):
    """Another process owns the vector index's folder."""


class WriterError(SoundproofError):
    """The language model failed or answered nonsense."""


class PassingWriterError(WriterError):
    """The language model cannot be reached or does not answer for now."""


class TooLongError(WriterError):
    """The language model was given more to read than its context holds."""


class CutOffError(WriterError):
    """The language model's reply was cut off before its end."""


class RefusedError(WriterError):
    """The language model will not do what it was asked."""


class NamingError(SoundproofError):
    """A name, or a correction of one, that makes no sense."""


class SettingsError(SoundproofError):
    """A setting that makes no sense."""
