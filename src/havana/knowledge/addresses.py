"""Which addresses a page may be read from: those that the public internet has, and no other.

Else whoever names a page could have the server read what only the server can reach: the machine itself, its network,
or the place where a cloud tells its machines their keys.
"""

import ipaddress
from collections.abc import Iterator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that is given out so far."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NOT_FOR_PAGES = [
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # the protocols' own; a cloud has its metadata at 192.0.0.192
        "192.88.99.0/24",  # relays that are no more
        "168.63.129.16/32",  # a public number that means the host below a virtual machine
        "2001::/23",  # the protocols' own, Teredo among them
        "2001:db8::/32",  # examples
        "3fff::/20",  # more of them
    )
]
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(address: str) -> bool:
    """Whether it is one of the public internet's. What is no address at all is none of them."""
    try:
        meant = list(_meant(ipaddress.ip_address(address)))
    except ValueError:
        return False
    return all(_is_public(each) for each in meant)


def _meant(address: Address) -> Iterator[Address]:
    """The address, or the IPv4 ones to which it is only a way."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
    elif address.scope_id is not None:
        raise ValueError(address)  # of one of this machine's networks
    elif address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    elif address in _NAT64:
        yield _last_four(address)
    elif address.sixtofour is not None:
        yield address
        yield address.sixtofour
    elif (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        yield address
        yield _last_four(address)
    else:
        yield address


def _last_four(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _is_public(address: Address) -> bool:
    if any(address in network for network in _NOT_FOR_PAGES):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        # 6to4 is in no list of what is global; what it leads to has been looked at.
        return address in _GLOBAL_UNICAST and (address.is_global or address.sixtofour is not None)
    return address.is_global and not address.is_multicast and not address.is_reserved
