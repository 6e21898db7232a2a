from tests.support.stores import postgres_url

__all__ = ["postgres_url"]
