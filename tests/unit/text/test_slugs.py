import pytest

from aggregator.text.slugs import LONGEST_SEGMENT, LONGEST_SEGMENT_BYTES, check_segment, slug


@pytest.mark.parametrize(
    ("title", "segment"),
    [
        ("Technology", "technology"),
        ("  Science & Nature! ", "science-nature"),
        ("新浪财经－国內", "新浪财经-国內"),
        ("今日推荐 / 精选", "今日推荐-精选"),
        ("ＡＢＣ①", "abc1"),
        ("Éléphant", "éléphant"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("../../etc/passwd", "etc-passwd"),
        ("snake_case", "snake-case"),
    ],
)
def test_a_title_reads_on_in_its_segment(title: str, segment: str) -> None:
    """Letters of every script stay; everything else becomes hyphens or words."""
    assert slug(title) == segment


@pytest.mark.parametrize("title", ["", "!!!", "🎉", "/", "..", "\x00", "\ud800"])
def test_a_title_without_letters_gets_a_fingerprint(title: str) -> None:
    """A segment is never empty, and two such titles stay apart."""
    assert check_segment(slug(title))
    assert slug(title) != slug(title + "?")


def test_long_titles_that_begin_alike_stay_apart() -> None:
    """What is cut off still counts, by its fingerprint."""
    assert slug("a" * 80) == "a" * 80
    assert len(slug("a" * 81)) <= 80
    assert slug("a" * 81) != slug("a" * 82)


def test_a_device_name_of_windows_becomes_another() -> None:
    """A folder of that name could not be made there."""
    assert slug("CON").startswith("con-")


@pytest.mark.parametrize("value", ["a", "-", "_", "9", "金融", "a" * LONGEST_SEGMENT, "Ünïcode"])
def test_a_segment_is_given_back(value: str) -> None:
    """Letters, digits, - and _ up to the longest length are a segment."""
    assert check_segment(value) == value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("", "1 to 100"),
        ("a" * (LONGEST_SEGMENT + 1), "1 to 100"),
        ("𠀀" * (LONGEST_SEGMENT_BYTES // 4 + 1), "240 bytes"),
        ("a/b", "not '/'"),
        ("..", "not '.'"),
        ("%2e", "not '%'"),
        ("a b", "not ' '"),
        ("a\x00", r"not '\\x00'"),
        ("🎉", "not '🎉'"),
        ("e\u0301", "NFC"),
        ("Nul", "Windows"),
        ("com1", "Windows"),
    ],
)
def test_what_is_no_segment_is_refused(value: str, why: str) -> None:
    """What a file system or an address could read in another way is refused, with the reason."""
    with pytest.raises(ValueError, match=why):
        check_segment(value)


def test_bytes_at_the_limit_are_taken() -> None:
    """Sixty characters of four bytes are just short enough."""
    assert check_segment("𠀀" * (LONGEST_SEGMENT_BYTES // 4))
