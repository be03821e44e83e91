"""Which addresses are public: the registries' blocks, and every IPv4 address in its wrappings."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.addresses import is_public

SET_ASIDE = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
]
"""The special-purpose registry of IPv4, and multicast."""

SET_ASIDE_6 = [
    "::/128",
    "::1/128",
    "::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]


@pytest.mark.parametrize("block", SET_ASIDE)
def test_no_address_of_a_block_that_is_set_aside_is_public(block: str) -> None:
    network = IPv4Network(block)
    middle = network[network.num_addresses // 2]
    assert [is_public(str(ip)) for ip in (network[0], middle, network[-1])] == [False] * 3


@pytest.mark.parametrize("block", SET_ASIDE_6)
def test_no_address_of_an_ipv6_block_that_is_set_aside_is_public(block: str) -> None:
    network = IPv6Network(block)
    middle = network[network.num_addresses // 2]
    assert [is_public(str(ip)) for ip in (network[0], middle, network[-1])] == [False] * 3


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "223.255.255.255",
        "2606:2800:220:1::1",
        "2a00:1450:4001::200e",
        "64:ff9b::5db8:d822",
        "2002:5db8:d822::",
    ],
)
def test_an_address_beside_them_is_public(address: str) -> None:
    assert is_public(address)


def test_a_link_local_address_with_its_interface_is_not_public() -> None:
    assert not is_public("fe80::1%eth0")


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_as_what_it_wraps(ip: IPv4Address) -> None:
    mapped = IPv6Address((0xFFFF << 32) | int(ip))
    translated = IPv6Address((0x64_FF9B << 96) | int(ip))
    tunnelled = IPv6Address((0x2002 << 112) | int(ip) << 80)

    assert {is_public(str(wrapped)) for wrapped in (mapped, translated, tunnelled)} == {
        is_public(str(ip))
    }


def test_what_is_no_address_is_an_error() -> None:
    with pytest.raises(ValueError, match="localhost"):
        is_public("localhost")
