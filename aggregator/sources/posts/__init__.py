"""Kind `posts`: a folder of posts with front matter, as static site generators keep them.

One file is one document with one entry. Walking the folder and noticing changed files is `fetch`'s.
"""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from aggregator.model.pages import Folder
from aggregator.model.settings import SourceSpec

if TYPE_CHECKING:
    from aggregator.model.entries import ParsedDocument
    from aggregator.model.pages import Page


def check_path(value: str) -> str:
    """Give a path pattern back as it is.

    Raises:
        ValueError: it is empty, or leads out of the configuration folder.
    """
    path = PurePosixPath(value)
    if not path.parts or "\x00" in value:
        raise ValueError("write a path with wildcards, such as posts/**/*.md")
    if path.is_absolute() or PureWindowsPath(value).drive or value.startswith(("~", "\\")):
        raise ValueError("the path starts at the configuration folder: write it as posts/**/*.md")
    if ".." in path.parts or "\\" in value:
        raise ValueError("the path may not lead out of the configuration folder (no .., no \\)")
    return value


class PostsSpec(SourceSpec):
    """A folder of posts."""

    kind: Literal["posts"] = Field(description="A folder of posts with front matter.")
    path: Annotated[str, AfterValidator(check_path)] = Field(
        description="Files to read, relative to the configuration folder: posts/**/*.md."
    )

    @model_validator(mode="after")
    def _holds_its_text(self) -> Self:
        if self.full_text is not None:
            raise ValueError("`full_text` is for entries that link to a page; a post is the text")
        return self


class PostsKind:
    """Reads folders of posts."""

    name = "posts"
    obeys_robots = False
    spec = PostsSpec

    def locate(self, spec: PostsSpec, folder: str) -> Folder:
        """The files of the source."""
        return Folder(root=folder, pattern=spec.path)

    def parse(self, page: Page, spec: PostsSpec) -> ParsedDocument:  # noqa: ARG002 - contract's shape
        """Read one post.

        Raises:
            ParseError: the file holds no post, or its front matter cannot be read.
        """
        from aggregator.sources.posts.documents import read_post

        return read_post(page)


KIND = PostsKind()
