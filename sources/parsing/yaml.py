"""YAML bodies."""

from __future__ import annotations

from typing import Any

from sources.contract import Snapshot
from sources.errors import excerpt
from sources.parsing.bodies import check_limit, read_text, unreadable

#: Reading YAML is slow, the worst of this size takes 4 s; the real files have 56 kB.
MAX_BYTES = 256 * 1024
#: No float has more.
MAX_DIGITS = 310


def read_yaml(snapshot: Snapshot) -> Any:
    """A YAML body as plain values.

    Raises `ParseError` for what is no YAML, for tags that would make objects, for a key given twice (one of its
    values would vanish), for aliases and for more than `MAX_BYTES` bytes.
    """
    # Importing a source must not load the library; only reading a file needs it.
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("an alias, which lets a small file stand for an enormous one")
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node, deep=True)
                if key in seen:
                    raise yaml.YAMLError(f"key {excerpt(key, 60)!r} given twice")
                seen.add(key)
            return super().construct_mapping(node, deep)

        def construct_day(self, node: Any) -> Any:
            try:
                return super().construct_yaml_timestamp(node)
            except ValueError:
                # No day of the calendar: text, which costs its row only.
                return node.value

        def construct_whole_number(self, node: Any) -> Any:
            # 1:1:1… is one number to the base of sixty.
            if len(node.value) > MAX_DIGITS:
                raise yaml.YAMLError(f"a number of more than {MAX_DIGITS} digits")
            return super().construct_yaml_int(node)

    Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_day)
    Loader.add_constructor("tag:yaml.org,2002:int", Loader.construct_whole_number)

    text = read_text(snapshot, "YAML")
    check_limit(snapshot.where(), len(snapshot.body), MAX_BYTES, "bytes")
    try:
        return yaml.load(text, Loader)
    # ValueError: a number that is none. TypeError: a key that cannot be one.
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        raise unreadable(snapshot, "YAML", error) from None
