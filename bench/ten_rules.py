"""A settings file with ten rules, one of which holds for one generated call in a hundred."""

# Five of 500 agents each have one call in five hundred; the other conditions hold for none.
_AGENTS = ("Olivia Lopez", "Olivia Hughes", "Karen Jensen", "Ana Abbott", "Grace Young")
_NEVER = (
    ("call.imported", "contact_name:~zzz"),
    ("call.scored", 'tag:"nothing at all"'),
    ("call.converted", "amount:900000.."),
    ("call.imported", "any:(source:none campaign:none) duration:50000.."),
    ("call.imported", "extra.Region:north"),
)


def _rule(name: str, event: str, when: str) -> str:
    return (
        f"[[rules]]\nname = '{name}'\non = '{event}'\nwhen = '{when}'\ndo = [{{ tag = 'x' }}]\n\n"
    )


TEN_RULES = "".join(
    [
        *(_rule(agent, "call.imported", f'agent:"{agent}"') for agent in _AGENTS),
        *(_rule(when.replace(chr(34), ""), event, when) for event, when in _NEVER),
    ]
)
