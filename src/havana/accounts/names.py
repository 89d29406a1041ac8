"""A friendly stand-in for a visitor who has not said their name, always the same for the same id."""

import hashlib


def _words(text: str) -> list[str]:
    return text.split()


_COLOURS = _words(
    "Amber Aqua Apricot Azure Bronze Butter Cedar Cherry Cinnamon Citrus Clover Cobalt Copper Coral Cream "
    "Crimson Dawn Denim Ebony Ember Emerald Fern Forest Frost Garnet Ginger Golden Hazel Honey Indigo "
    "Iris Ivory Jade Jasmine Lavender Lemon Lilac Lime Mango Maple Marble Mint Moss Ocean Olive Opal "
    "Peach Pearl Pine Plum Quartz Rose Ruby Sage Sand Sapphire Scarlet Silver Sunny Teal"
)
_ANIMALS = _words(
    "Albatross Antelope Badger Bear Beaver Bluebird Bobcat Bunting Canary Cardinal Cheetah Cormorant "
    "Crane Deer Dolphin Dove Eagle Egret Falcon Finch Flamingo Fox Gazelle Hare Hawk Heron Hummingbird "
    "Ibis Jaguar Jay Kestrel Kingfisher Koala Lark Lemur Lynx Manatee Marlin Marten Martin Nightingale "
    "Ocelot Oriole Osprey Otter Owl Panda Panther Pelican Penguin Plover Puffin Robin Sandpiper Seal "
    "Sparrow Swallow Swan Tern Turtle"
)


def stand_in(visitor: str) -> str:
    """Two words for a visitor's id: "Coral Heron"."""
    # Hashed, because ids made in the same second begin alike.
    number = int.from_bytes(hashlib.blake2s(visitor.encode(), digest_size=8).digest())
    return f"{_COLOURS[number % len(_COLOURS)]} {_ANIMALS[number // len(_COLOURS) % len(_ANIMALS)]}"
