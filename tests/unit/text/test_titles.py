from __future__ import annotations

import pytest

from aggregator.text.titles import LONGEST_KEY, is_distinctive, names_site_first, title_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｈｅｌｌｏ　Ｗｏｒｌｄ！", "hello world"),
        ("ｶﾞﾗｽの靴", "ガラスの靴"),
        ("【快讯】央行宣布降息", "央行宣布降息"),
        ("［独家］【快讯】央行宣布降息", "央行宣布降息"),
        ("“央行”宣布：降息！", "央行宣布降息"),
        ("Straße gesperrt", "STRASSE GESPERRT"),
        ("l’été arrive", "l'été arrive"),
        ("COVID-19 cases", "COVID 19 cases"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("1,000 people", "1000 people"),
        ("1.000 Menschen", "1000 Menschen"),
        ("1\u202f000 personnes", "1\u00a0000 personnes"),
        ("1'000'000 Franken", "1000000 Franken"),
        ("l&rsquo;&eacute;t&eacute; arrive", "l’été arrive"),
        ("2020–21 season", "2020-21 season"),
        ("10～12人", "10-12人"),
        ("falls −8%", "falls –8%"),
        ("cafe\u0301", "café"),
    ],
)
def test_spellings_of_one_title(one: str, other: str) -> None:
    """Width, case, spaces, punctuation, tags and forms of a character do not count."""
    assert title_key(one) == title_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Part 4", "Part 5"),
        ("GDP +8%", "GDP -8%"),
        ("GDP 8%", "GDP -8%"),
        ("利润同比+8%", "利润同比-8%"),
        ("C", "C++"),
        ("C", "C#"),
        ("C++", "C#"),
        ("Python 3.15.1", "Python 3.15.2"),
        ("Python 3.15.1", "Python 3.151"),
        ("3.15", "3-15"),
        ("costs $5", "costs €5"),
        ("cut to A-", "cut to A"),
        ("cut to A+", "cut to A-"),
        (".5%", "5%"),
        ("10%", "10"),
        ("résumé", "resume"),
        ("は", "ば"),
        ("ハ", "パ"),
        ("हिन्दी", "हिन्दि"),
        ("مُدرّسة", "مدرسة"),
        ("한글", "한국"),
        ("【第1集】春天", "【第2集】春天"),
        ("【上】春天来了", "【下】春天来了"),
        ("[Part II] Spring", "[Part III] Spring"),
        ("[II] Spring", "[III] Spring"),
        ("Spring (1)", "Spring (2)"),
        ("春天（上）", "春天（下）"),
        ("Spring (opinion)", "Spring"),
        ("Live: Spring", "Spring"),
        ("1.000 people", "1.00 people"),
        ("1.200.30", "120030"),
        ("1 000 people", "1 00 people"),
        ("x &lt; y", "x &gt; y"),
        ("🟢 outage", "🔴 outage"),
        ("○ bout", "● bout"),
        ("👍 vote", "👎 vote"),
    ],
)
def test_titles_that_only_look_alike(one: str, other: str) -> None:
    """Digits, signs, marks of letters and numbered parts count."""
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize(
    "title",
    [
        "A long story (Update)",
        "A long story (aktualisiert)",
        "A long story（更新）",
        "A long story【組圖】",
        "A long story [Video] 🔥",
        "BREAKING: A long story",
        "Última hora | A long story",
        "突发！A long story",
        "[News] 🚨 Eilmeldung – A long story",
        "⚡\ufe0f A long story",
    ],
)
def test_what_newsrooms_hang_on_a_headline_is_taken_off(title: str) -> None:
    """Calls for attention, ornaments, and marks in brackets that say nothing of the story."""
    assert title_key(title) == "alongstory"


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("🔥", "🔥"),
        ("(Video)", "video"),
        ("Breaking news", "breakingnews"),
        ("Breaking:", "breaking"),
        ("Breaking-in at night", "breakinginatnight"),
        ("Video update", "videoupdate"),
    ],
)
def test_what_is_no_mark_of_a_headline_stays(title: str, key: str) -> None:
    """A mark is only taken off where a headline is left, and only where it is set off from it."""
    assert title_key(title) == key


@pytest.mark.parametrize(
    "title",
    [
        "The Wire: A long story",
        "The Wire | A long story",
        "The Wire - A long story",
        "[News] The Wire » A long story",
        "新浪财经—A long story",
        "新浪财经：A long story",
        "CCTV-1｜A long story - The Wire",
    ],
)
def test_a_leading_name_of_the_source_is_taken_off(title: str) -> None:
    """Set off by a mark; that it was there can be asked for, since it may mean more."""
    names = ["The Wire", "新浪财经", "CCTV-1"]
    assert title_key(title, names) == "alongstory"
    assert names_site_first(title, names)


@pytest.mark.parametrize(
    "title",
    ["Wire-tapping grows", "Wire", "Wire:", "Another Wire: a story", "A story - Wire", ": x"],
)
def test_titles_that_do_not_begin_with_the_name(title: str) -> None:
    """Parts of words, other names, whole titles and names at the end are none in front."""
    assert not names_site_first(title, ["Wire"])


@pytest.mark.parametrize(
    "title",
    [
        "A long story - The Wire",
        "A long story – the wire",
        "A long story — The Wire",
        "A long story_The Wire",
        "A long story｜The Wire",
        "A long story | The Wire",
        "A long story-新浪财经",
        "A long story_新浪财经_The Wire",
        "[News] A long story | CCTV-1",
    ],
)
def test_a_trailing_name_of_the_source_is_taken_off(title: str) -> None:
    """After each separator in use, also several names one after the other."""
    assert title_key(title, ["The Wire", "新浪财经", "CCTV-1"]) == "alongstory"


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("A long story - Another Wire", "alongstoryanotherwire"),
        ("Anti-Wire", "antiwire"),
        ("Wire", "wire"),
        ("- Wire", "wire"),
        ("Wire - Wire", "wire"),
        ("Another Wire: a story", "anotherwireastory"),
    ],
)
def test_only_the_name_of_the_source_is_taken_off(title: str, key: str) -> None:
    """Other sites' names, parts of words and whole titles stay."""
    assert title_key(title, ["Wire"]) == key


@pytest.mark.parametrize("title", ["", "   ", "!?…", "【】", "\u200b", "---"])
def test_titles_that_say_nothing(title: str) -> None:
    """Without a letter, digit or sign there is no key."""
    assert title_key(title) == ""


@pytest.mark.parametrize("title", ["【公告】", "[Video]"])
def test_a_tag_alone_is_the_title(title: str) -> None:
    """A tag is only taken off where a title follows."""
    assert title_key(title) != ""


@pytest.mark.parametrize(("length", "cut"), [(-1, False), (0, False), (1, True)])
def test_long_keys_end_in_a_hash(length: int, *, cut: bool) -> None:
    """Every database can index a key; two long titles that differ at the end still differ."""
    title = "ж" * (LONGEST_KEY + length)
    assert (title_key(title) != title) == cut
    assert len(title_key(title)) <= LONGEST_KEY
    assert title_key(title + "a") != title_key(title + "b")


@pytest.mark.parametrize(
    ("title", "distinctive"),
    [
        ("央行宣布下调存款准备金", True),
        ("央行宣布全面降准支", False),
        ("央行宣布全面降准支持", True),
        ("abcdefghij klmnopqrs", False),
        ("abcdefghij klmnopqrst", True),
        ("Fire in Berlin", False),
        ("Fire in Berlin 2026-03-02 12:00:00 and 1234567890", False),
        ("Untitled", False),
        ("Daily Discussion Thread for Monday, November 23, 2026", False),
        ("Morning Briefing: Europe Edition", False),
        ("早报", False),
        ("2026年3月2日 星期一 财经早餐", False),
        ("早报：央行宣布下调存款准备金率", True),
        ("Das Wichtigste am Morgen vom Montag", False),
        ("Scheduled maintenance", False),
        ("정기 점검 안내", False),
        ("定期メンテナンスのお知らせ", False),
        ("政府、新しい年金改革法案を可決", True),
        ("국회, 새로운 연금 개혁 법안을 가결", True),
    ],
)
def test_which_titles_name_one_story(title: str, *, distinctive: bool) -> None:
    """Ten Chinese, Japanese or Korean letters, or twenty others, beside generic names."""
    assert is_distinctive(title) == distinctive
