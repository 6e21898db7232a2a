from aggregator.config.tree import CategoryTree, all_categories
from aggregator.model.categories import CategorySpec
from aggregator.model.settings import Configuration, Publish, Settings, Site

TREE = (
    CategorySpec(
        id="finance",
        title="金融",
        language="zh-CN",
        formats=("rss",),
        articles=50,
        categories=(
            CategorySpec(id="sina", title="新浪财经", per_source=3),
            CategorySpec(id="c", title="C", language="en", articles=9),
        ),
    ),
    CategorySpec(id="tech", description="About tools"),
)


def test_children_inherit_what_they_do_not_say() -> None:
    """Language, formats and limits come from the parent, then from the settings."""
    settings = Settings(site=Site(language="de"), publish=Publish(formats=("atom",), per_source=1))
    configuration = Configuration(
        root="/", folder="/config", settings=settings, categories=TREE, sources=()
    )
    found = {each.path: each for each in all_categories(configuration)}
    assert list(found) == ["finance", "finance/sina", "finance/c", "tech"]
    assert found["finance/sina"].titles == ("金融", "新浪财经")
    assert found["finance/sina"].language == "zh-CN"
    assert found["finance/sina"].formats == ("rss",)
    assert (found["finance/sina"].articles, found["finance/sina"].per_source) == (50, 3)
    assert (found["finance/c"].language, found["finance/c"].articles) == ("en", 9)
    assert (found["tech"].language, found["tech"].formats) == ("de", ("atom",))
    assert (found["tech"].title, found["tech"].description) == ("tech", "About tools")
    assert found["finance"].description == ""


def test_a_category_is_found_by_its_titles() -> None:
    """Width, case and spaces do not matter, and an id serves as well."""
    tree = CategoryTree.of(TREE)
    assert tree.place(["金融", " 新浪财经 "]) == ("finance/sina", ())
    assert tree.place(["Finance", "ＳＩＮＡ"]) == ("finance/sina", ())
    assert tree.place([]) == ("", ())


def test_an_unknown_title_is_added_under_its_parent() -> None:
    """The new path is made of the title, and travels with it."""
    path, added = CategoryTree.of(TREE).place(["金融", "新  站", "频道"])
    assert path == "finance/新-站/频道"
    assert [(each.path, each.title) for each in added] == [
        ("finance/新-站", "新 站"),
        ("finance/新-站/频道", "频道"),
    ]


def test_an_added_path_never_hides_another() -> None:
    """A title whose segment is taken or reserved gets another one, the same each time."""
    tree = CategoryTree.of(TREE)
    assert tree.place(["金融", "C!"])[0].startswith("finance/c-")
    assert tree.place(["Search"])[0].startswith("search-")
    assert tree.place(["Search"]) == tree.place([" search"])[:1] + tree.place(["Search"])[1:]


def test_levels_too_deep_are_left_out() -> None:
    """Eight levels are taken, the ninth is not."""
    titles = list("abcdefghi")
    assert CategoryTree().place(titles[:8])[0] == "a/b/c/d/e/f/g/h"
    assert CategoryTree().place(titles)[0] == "a/b/c/d/e/f/g/h"
