"""Makes a tagged PDF in memory from a page of ours. It fetches nothing and writes no file."""

from typing import Any

from PIL import ImageFile
from weasyprint import HTML
from weasyprint.urls import URLFetcher

# the library takes half a picture for a whole one, and so would the whole process: no photo of a reporter's may be
ImageFile.LOAD_TRUNCATED_IMAGES = False


class _Nothing(URLFetcher):  # type: ignore[misc]  # weasyprint ships no types
    """Whatever a text may say, nothing is fetched."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), fail_on_errors=True)

    def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002  # its signature is given
        raise ValueError("nothing is fetched for a PDF")


def pdf_of(html: str) -> bytes:
    """A PDF/UA-1 of one page's HTML."""
    made: bytes = HTML(string=html, url_fetcher=_Nothing()).write_pdf(pdf_variant="pdf/ua-1")
    return made
