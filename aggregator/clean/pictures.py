"""Pictures, sound and film of a body: found, given their real addresses, or dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from aggregator.clean.nuisances import (
    EMOJI,
    ICONS,
    PLACEHOLDER_FILES,
    PLACEHOLDER_HOSTS,
    TRACKER_HOSTS,
    TRACKER_PATHS,
)
from aggregator.model.entries import Image
from aggregator.text import urls
from aggregator.text.policy import MEDIA
from aggregator.text.tree import Element, descendants, drop, remove_attribute, sweep, unwrap

_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-original-src",
    "data-actualsrc",
    "data-orig-file",
)
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_WIDEST = 2_000
_ICON_SIZE = 48
_TINY = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$)")
_SIZE = re.compile(r"\s*([0-9]{1,5})(?:\.[0-9]+)?(?:px)?\s*")


def resolve(root: Element, base: str) -> None:
    """Give every picture and film its real, absolute address; those that have none go."""
    _free_pictures(root)
    for element in descendants(root, MEDIA):
        if element.tag == "img":
            _resolve_image(element, base)
        elif element.tag in MEDIA:
            _resolve_film(element, base)
    sweep(root)


def drop_all(root: Element) -> None:
    """Remove every picture (`images: drop`)."""
    for element in descendants(root):
        if element.tag == "img":
            drop(element)
        remove_attribute(element, "poster")
    sweep(root)


def is_picture_of_article(image: Image) -> bool:
    """Whether a picture can stand for an article: no placeholder, icon or tracker."""
    sizes = [size for size in (image.width, image.height) if size is not None]
    return bool(
        image.url
        and all(size > _ICON_SIZE for size in sizes)
        and not shows_nothing(image.url)
        and not ICONS.search(image.url)
    )


def head_image(given: Iterable[Image], root: Element, base: str) -> Image | None:
    """The picture that stands for the article: the source's word first, then the body's first.

    Where the source named one and the body opens with the same, the body loses its copy, so that
    readers do not show it twice.
    """
    for image in given:
        found = Image(
            urls.picture(image.url, base), _positive(image.width), _positive(image.height)
        )
        if is_picture_of_article(found):
            _drop_at_top(root, found.url)
            return found
    in_body = (_image(element) for element in root.iter("img"))
    return next((image for image in in_body if is_picture_of_article(image)), None)


def _free_pictures(root: Element) -> None:
    """Take images out of `picture` and `noscript`, where browsers would have chosen for us."""
    for picture in list(root.iter("picture")):
        image = next(picture.iter("img"), None)
        sources = list(picture.iter("source"))
        if image is None and sources:
            image = sources[0]
            image.tag = "img"
        for source in sources:
            if image is not None and not image.get("srcset") and source.get("srcset"):
                image.set("srcset", source.get("srcset", ""))
            if source is not image:
                drop(source)
        unwrap(picture)
    _open_noscript(root)
    sweep(root)


def _open_noscript(root: Element) -> None:
    """Keep the picture of a `noscript` instead of the placeholder before it, and nothing else."""
    for noscript in list(root.iter("noscript")):
        image = next(noscript.iter("img"), None)
        if image is None:
            drop(noscript)
            continue
        before = noscript.getprevious()
        if before is not None and before.tag == "img" and not (before.tail or "").strip():
            drop(before)
        for other in list(noscript.iter())[1:]:
            if other is not image:
                unwrap(other)
                other.text = None
            other.tail = None
        noscript.text = None
        unwrap(noscript)


def _resolve_image(image: Element, base: str) -> None:
    said = {str(name): str(value) for name, value in image.items()}
    address = _address(said, base)
    if not address or _is_pixel(said) or shows_nothing(address):
        drop(image)
    elif said.get("alt") and EMOJI.search(address):
        unwrap(image)
        image.text = image.get("alt")
    else:
        image.set("src", address)
        image.set("loading", "lazy")
        image.set("referrerpolicy", "no-referrer")
        _tidy_sizes(image)


def _address(said: Mapping[str, str], base: str) -> str:
    """The real address: what scripts would have put there first, `src` last."""
    lazy = [said[name] for name in _LAZY if name in said]
    sets = [_best(said[name]) for name in _LAZY_SETS if name in said]
    for candidate in (*lazy, *sets, said.get("src", "")):
        address = urls.picture(candidate, base) if candidate.strip() else ""
        if address:
            return address
    return ""


def _best(srcset: str) -> str:
    """The widest candidate of a `srcset` that is not wider than a page needs, else the narrowest.

    Addresses may hold commas, so candidates are told apart by their white space (HTML §4.8.4.2.1).
    """
    best, best_size = "", -1.0
    words = srcset.split()[:100]
    while words:
        address = words.pop(0)
        size = 1.0
        if not address.endswith(",") and words:
            size = _descriptor(words.pop(0))
        better = size > best_size if max(size, best_size) <= _WIDEST else size < best_size
        if better or best_size < 0:
            best, best_size = address.rstrip(","), size
    return best


def _descriptor(word: str) -> float:
    """A width such as `800w`, or a density such as `2x`, as a number."""
    number = word.rstrip(",")[:-1]
    return float(number) if re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,3})?", number) else 0.0


def _is_pixel(said: Mapping[str, str]) -> bool:
    sizes = [_size(said.get(name, "")) for name in ("width", "height")]
    known = [size for size in sizes if size is not None]
    return (bool(known) and max(known) <= 1) or bool(_TINY.search(said.get("style", "")))


@lru_cache(maxsize=256)  # asked for in the body, and once more for the head image
def shows_nothing(url: str) -> bool:
    """Whether a picture is a tracker, or stands for one that is not there."""
    return bool(
        urls.host(url) in TRACKER_HOSTS
        or TRACKER_PATHS.match(url)
        or PLACEHOLDER_HOSTS.match(url)
        or PLACEHOLDER_FILES.search(url)
    )


def _tidy_sizes(element: Element) -> None:
    for name in ("width", "height"):
        size = _size(remove_attribute(element, name))
        if size:
            element.set(name, str(size))


def _size(text: str) -> int | None:
    if not text:
        return None
    found = _SIZE.fullmatch(text)
    return int(found[1]) if found else None


def _positive(size: int | None) -> int | None:
    return size if size and size > 0 else None


def _resolve_film(film: Element, base: str) -> None:
    """Keep a film or a sound with its controls, without its fallback text, if it can be played."""
    own = urls.media(film.get("src") or film.get("data-src") or "", base)
    film.text = None
    sources = []
    for child in descendants(film):
        address = urls.media(child.get("src", ""), base) if child.tag == "source" else ""
        child.tail = None
        if address:
            child.set("src", address)
            sources.append(child)
        else:
            drop(child)
    if not own and not sources:
        drop(film)
        return
    poster = urls.picture(film.get("poster", ""), base)
    for name in ("src", "poster", "controls"):
        remove_attribute(film, name)
    film.attrib.update({key: value for key, value in (("src", own), ("poster", poster)) if value})
    film.set("controls", "")
    _tidy_sizes(film)


def _image(element: Element) -> Image:
    return Image(
        element.get("src", ""), _size(element.get("width", "")), _size(element.get("height", ""))
    )


def _drop_at_top(root: Element, url: str) -> None:
    """Drop the picture that the body opens with, if it is this one and carries no caption."""
    element = root
    while not (element.text or "").strip() and len(element):
        element = element[0]
        if element.tag == "img":
            if _same_address(element.get("src", ""), url):
                drop(element)
                sweep(root)
            return
        if element.tag == "figure" and element.find(".//figcaption") is not None:
            return


def _same_address(one: str, other: str) -> bool:
    return one.partition("://")[2] == other.partition("://")[2]
