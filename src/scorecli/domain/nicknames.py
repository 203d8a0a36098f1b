"""Short forms of first names, for suggestions only: they never assign a call.

Each line is a name followed by forms in use for it. A form may stand on several lines.
"""

from __future__ import annotations

from functools import cache

_LINES = """
abigail abby gail
albert al bert
alexander alex sasha xander sandro
alexandra alex sasha sandra lexi
alfred alf fred
alice ali
amanda mandy
andrew andy drew
angela angie
ann annie anna nan
anthony tony ant
antonio toni tono
arthur art artie
barbara barb babs
benjamin ben benny
bernard bernie
bradley brad
carolyn carol caro
catherine cathy cat kate kathy katie
charles charlie chuck chas
charlotte lottie charlie
christina chris tina chrissy
christine chris tina
christopher chris kit topher
clifford cliff
cynthia cindy
daniel dan danny
daniela dani
david dave davey
deborah deb debbie
dennis den denny
dmitri dima mitya
donald don donnie
dorothy dot dottie dolly
douglas doug
edward ed eddie ned ted
eleanor ellie nell nora
elizabeth liz beth betty eliza lisa
eugene gene
ekaterina katya
evelyn evie
francis frank fran
francisco paco pancho
franz frank
frederick fred freddie fritz
gabriel gabe
gabriella gaby ella
george georgie
gerald gerry jerry
gregory greg
guillermo memo
harold harry hal
heinrich heinz
helen nell nellie
henry hank harry
howard howie
ignacio nacho
irina ira
isaac ike
isabella bella izzy isa
jacob jake
jacqueline jackie
james jim jimmy jamie
janet jan
jeffrey jeff
jennifer jen jenny
jessica jess jessie
johannes hans
john johnny jack
jonathan jon jonny
jose pepe
joseph joe joey
josefa pepa
joshua josh
judith judy
julia jules
katherine kate kathy katie kat kay
kenneth ken kenny
kimberly kim
laura laurie
lawrence larry laurie
leonard leo len lenny
leslie les
lillian lily
linda lindy
louis lou louie
louise lou
luis lucho
manuel manolo
manuela manu
margaret maggie meg peggy greta rita marge
maria mary mia
martha patty marty
martin marty
matthew matt
maximilian max
megan meg
melissa mel missy
michael mike mick mickey misha
mikhail misha
michelle shelly
mohammed mo
nancy nan
natalia natasha
natalie nat
nathaniel nathan nate nat
nicholas nick nicky
nicole nicky nikki
oliver ollie
pamela pam
patricia pat patty trish tricia
patrick pat paddy
peter pete
philip phil
rachel rae
raymond ray
rebecca becky becca
richard rick dick rich ricky
robert rob bob bobby robbie bert
roberta bobbie
ronald ron ronnie
rosemary rose rosie
russell russ
samantha sam
samuel sam sammy
sandra sandy
sergei serge seryozha
sharon shari
sophia sophie
stanley stan
stephanie steph
stephen steve
steven steve
susan sue susie suzy
svetlana sveta
tatiana tanya
terence terry
teresa terri tess
theodore theo ted teddy
theresa terri tess
thomas tom tommy
timothy tim timmy
ulrich uli
valerie val
veronica ronnie vera
victor vic
victoria vicky tori
vincent vince vinny
virginia ginny
vladimir vova volodya
walter walt wally
wilhelm willi
william bill will billy liam
wolfgang wolf
yekaterina katya
zachary zach zack
"""


def are_related(one: str, other: str) -> bool:
    """Tell whether two first names, in lower case, may be forms of one name."""
    lines = _lines()
    return bool(lines.get(one, frozenset()) & lines.get(other, frozenset()))


def related_to(name: str) -> frozenset[str]:
    """Return the names that may be forms of the same name as this one, in lower case."""
    return frozenset(form for number in _lines().get(name, ()) for form in _forms()[number])


@cache
def _lines() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, names in enumerate(_forms()):
        for name in names:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@cache
def _forms() -> list[list[str]]:
    return [line.split() for line in _LINES.split("\n")]
