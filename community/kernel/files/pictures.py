"""Pictures written anew: upright, of a sensible size, without place, camera or hidden content."""

from __future__ import annotations

import io
from dataclasses import dataclass

from community.kernel.files.models import FileKind
from community.kernel.files.refusals import FileUnreadable, PictureTooLarge

LONGEST_EDGE = 2000
MOST_MEGAPIXELS = 64
QUALITY = 85


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture written anew."""

    content: bytes
    width: int
    height: int


def write_anew(content: bytes, kind: FileKind) -> Picture:
    """Decode a picture and write only its pixels: location data and everything else is gone.

    Raises: PictureTooLarge before it is unpacked; FileUnreadable.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # 90 ms that most requests save

    name = kind.value.upper()
    try:
        with Image.open(io.BytesIO(content), formats=[name]) as image:
            if image.width * image.height > MOST_MEGAPIXELS * 1_000_000:
                raise PictureTooLarge(most_megapixels=MOST_MEGAPIXELS)
            # JPEG decodes at a half or a quarter for a fraction of the time and memory.
            image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            upright = ImageOps.exif_transpose(image)
            pixels = upright.convert("RGBA" if _has_alpha(upright.mode, kind) else "RGB")
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(most_megapixels=MOST_MEGAPIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise FileUnreadable from error
    pixels.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    # A new picture from the pixels: `info` of the old one (EXIF, XMP, comments) stays behind.
    clean = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    written = io.BytesIO()
    if kind is FileKind.PNG:
        clean.save(written, name, optimize=True)
    else:
        clean.save(written, name, quality=QUALITY)
    return Picture(written.getvalue(), clean.width, clean.height)


def _has_alpha(mode: str, kind: FileKind) -> bool:
    return kind is not FileKind.JPEG and mode in {"RGBA", "LA", "PA", "P"}
