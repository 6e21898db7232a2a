from __future__ import annotations

import codecs

import pytest

from aggregator.text.encodings import decode

CHINESE = "<rss><title>三部门联合开展知识产权质押融资入园惠企行动</title></rss>"
TAIWANESE = "<rss><title>中華民國臺灣繁體中文測試文章標題內容</title></rss>"
JAPANESE = "<rss><title>日本語のタイトルです、これはテストです。</title></rss>"
KOREAN = "<rss><title>한국어 제목입니다 테스트 문서</title></rss>"
RUSSIAN = "<rss><title>Русский заголовок, проверка кодировки текста</title></rss>"
FRENCH = "<rss><title>Le café est très bon, déjà vu à Genève</title></rss>"
LEGACY = [
    (CHINESE, "gbk"),
    (CHINESE, "gb18030"),
    (TAIWANESE, "big5"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"),
    (KOREAN, "euc_kr"),
    (RUSSIAN, "windows-1251"),
    (RUSSIAN, "koi8-r"),
    (FRENCH, "iso-8859-1"),
]


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
@pytest.mark.parametrize("claim", ["right", "utf-8", "none", "nonsense"])
def test_text_is_what_its_bytes_say(text: str, encoding: str, claim: str) -> None:
    """A right claim, a wrong one, an unknown one or none: the text is read as it was written."""
    charset = {"right": encoding, "utf-8": "utf-8", "nonsense": "x-unknown"}.get(claim)
    headers = {"content-type": f"text/xml; charset={charset}"} if charset else {}
    assert decode(text.encode(encoding), headers) == text


@pytest.mark.parametrize("claim", ["gbk", "iso-8859-1", "utf-16"])
def test_utf8_is_known_by_its_bytes(claim: str) -> None:
    """Valid UTF-8 stays so, whatever the headers claim."""
    assert decode(CHINESE.encode(), {"content-type": f"text/xml; charset={claim}"}) == CHINESE


@pytest.mark.parametrize(
    ("text", "encoding", "claim"),
    [
        (FRENCH, "utf-8", "iso-8859-1"),
        (CHINESE, "utf-8", "gbk"),
        *((text, encoding, encoding) for text, encoding in LEGACY),
    ],
)
def test_a_document_cut_inside_a_character_keeps_its_encoding(
    text: str, encoding: str, claim: str
) -> None:
    """C1, C2: wherever the bytes break off, what comes before is read as it is in the whole."""
    body = text.encode(encoding)
    start = next(n for n, char in enumerate(text) if not char.isascii()) + 3
    for end in range(len(text[:start].encode(encoding)), len(body)):
        found = decode(body[:end], {"content-type": f"text/xml; charset={claim}"})
        assert text.startswith(found), end
        assert len(text[: len(found) + 1].encode(encoding)) > end


def test_one_letter_at_the_end_is_no_half_of_another() -> None:
    """A short text in Latin-1 that ends in its only accent is not taken for UTF-8 cut off."""
    headers = {"content-type": "text/plain; charset=iso-8859-1"}
    assert decode("Le café".encode("latin-1"), headers) == "Le café"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "utf-32-le"),
        (b"", "utf-32-be"),
    ],
)
def test_wide_encodings_need_no_claim(mark: bytes, encoding: str) -> None:
    """A byte order mark, or where the zero bytes stand, tells UTF-16 and UTF-32."""
    assert decode(mark + CHINESE.encode(encoding), {}) == CHINESE


@pytest.mark.parametrize(
    "head", ['<?xml version="1.0" encoding="iso-2022-jp"?>', '<meta charset="iso-2022-jp">']
)
def test_a_claim_inside_the_document_counts(head: str) -> None:
    """An XML declaration or an HTML meta element names the encoding."""
    text = head + JAPANESE
    assert decode(text.encode("iso-2022-jp"), {}) == text


def test_gb2312_means_its_superset() -> None:
    """Pages that claim GB2312 use characters that only its supersets have."""
    text = "<rss><title>囍镕喆</title></rss>"
    headers = {"content-type": "text/html; charset=gb2312"}
    assert decode(text.encode("gb18030"), headers) == text


def test_a_damaged_byte_costs_one_character() -> None:
    """UTF-8 with some bad bytes stays UTF-8; only these are lost."""
    assert decode("café ".encode() + b"\xe9\xff" + "三部门".encode(), {}) == "café ��三部门"


@pytest.mark.parametrize("claim", ["idna", "punycode", "unicode_escape", "utf-7", "rot13", "\x00"])
def test_codecs_that_are_no_character_sets_are_not_taken(claim: str) -> None:
    """Python's other codecs are slow or dangerous and are never what a page means."""
    assert decode(b"\x1b+AGE-", {"content-type": f"text/html; charset={claim}"}) == "\x1b+AGE-"
