"""A program of its own: reads an image from standard input, and writes its pixels alone to standard output.

It gets no path and no argument of a client, and has its own limits of memory and time. A decoder that fails takes
nothing else with it. The exit status says what happened.
"""

import io
import sys
from contextlib import suppress

from PIL import Image, ImageCms, ImageOps

if sys.platform != "win32":
    import resource
try:
    import pi_heif
except ImportError:
    pi_heif = None

PIXELS_MAX = 64_000_000
SIDE_MAX = 4096
"""Pixels of the longest side of what is kept."""
MEMORY_MAX = 1024**3
SECONDS_MAX = 20
UNREADABLE, TOO_MANY_PIXELS, NOT_SUPPORTED = 10, 11, 12
"""Exit statuses, which `cleaning.py` reads. 0 is success."""

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heif": "HEIF"}
_QUALITY = 88


def clean(media_type: str, target: str) -> int:
    if media_type == "image/heif":
        if pi_heif is None:
            return NOT_SUPPORTED
        pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # PIXELS_MAX is checked instead
    try:
        with Image.open(sys.stdin.buffer, formats=[_FORMATS[media_type]]) as image:
            if image.width * image.height > PIXELS_MAX:
                return TOO_MANY_PIXELS
            image.draft("RGB", (SIDE_MAX, SIDE_MAX))
            pixels = _pixels_of(image, keep_alpha=target != "image/jpeg")
    except MemoryError:
        return TOO_MANY_PIXELS
    except Exception:  # noqa: BLE001 - decoders raise errors of many kinds for a broken file
        return UNREADABLE
    pixels.save(sys.stdout.buffer, _FORMATS[target], quality=_QUALITY)
    return 0


def _pixels_of(image: Image.Image, *, keep_alpha: bool) -> Image.Image:
    """The upright image in sRGB, without anything but its pixels."""
    profile = image.info.get("icc_profile")
    has_alpha = keep_alpha and image.has_transparency_data
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE_MAX, SIDE_MAX))
    colours = _in_srgb(upright, profile).convert("RGBA" if has_alpha else "RGB")
    bare = Image.new(colours.mode, colours.size)
    bare.paste(colours)
    return bare


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A profile that cannot be read is left out."""
    if profile is None or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        source, target = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
        return converted or image
    return image


def _limit_resources() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit_resources()
    sys.exit(clean(*sys.argv[1:3]))
