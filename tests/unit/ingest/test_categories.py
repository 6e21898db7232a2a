from aggregator.config.tree import CategoryTree
from aggregator.ingest.categories import categories_of
from aggregator.model.articles import CategoryTitle
from aggregator.model.categories import CategorySpec

TREE = CategoryTree.of(
    [
        CategorySpec(
            id="finance",
            title="金融",
            categories=(CategorySpec(id="sina", title="新浪财经"),),
        ),
        CategorySpec(id="tech"),
    ]
)


def test_source_categories_hold_for_all_its_entries() -> None:
    """A source's own categories are those of its entries; what entries say does not count."""
    assert categories_of(("tech", "finance"), ("金融",), TREE) == (("finance", "tech"), ())


def test_from_post_finds_the_category_by_its_titles() -> None:
    """With from-post, the entry's titles lead to the path that the configuration gives them."""
    assert categories_of(("from-post",), ("金融", "新浪财经"), TREE) == (("finance/sina",), ())


def test_unknown_category_is_added_under_its_parent() -> None:
    """A title that the tree does not know gets a path under its parent, and brings its title."""
    paths, added = categories_of(("from-post",), ("金融", "新浪财经", "Green Energy"), TREE)
    assert paths == ("finance/sina/green-energy",)
    assert added == (CategoryTitle("finance/sina/green-energy", "Green Energy"),)


def test_from_post_adds_to_the_source_categories() -> None:
    """A source may have fixed categories and from-post at once."""
    assert categories_of(("tech", "from-post"), ("金融",), TREE)[0] == ("finance", "tech")


def test_entry_without_titles_stands_in_no_category() -> None:
    """With from-post alone, an entry that names no category is only in the feed of everything."""
    assert categories_of(("from-post",), (), TREE) == ((), ())
