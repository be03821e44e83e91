"""Which IP addresses lie on the public internet."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Set aside by IANA, but not, or not everywhere, in the tables of the Pythons we run on.
_SET_ASIDE_4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
_SET_ASIDE_6 = (IPv6Network("2001::/23"), IPv6Network("3fff::/20"))


def is_public(address: str) -> bool:
    """Tell whether an IP address lies on the public internet, also where it wraps an IPv4 one.

    >>> is_public("93.184.216.34"), is_public("::ffff:127.0.0.1"), is_public("64:ff9b::7f00:1")
    (True, False, False)
    """
    ip = _unwrapped(ip_address(address))
    if isinstance(ip, IPv4Address):
        usual = not any(ip in network for network in _SET_ASIDE_4)
    else:
        usual = ip in _GLOBAL_UNICAST and not any(ip in network for network in _SET_ASIDE_6)
    return usual and ip.is_global and not ip.is_multicast


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Give the IPv4 address that a mapped, 6to4 or NAT64 address leads to."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
