"""Phone numbers in their international form (E.164), with a short way for the plain ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from scorecli.domain import phone_plans as plans
from scorecli.domain.text import fold

# The area codes of North America under which the phone library takes every number that goes on
# with 2 to 9 for a valid one. A code that is missing here only costs time: the library is asked.
_AREA_CODES = """
201 202 203 204 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 223 224 225 226 227
228 229 231 234 235 236 239 240 248 249 250 251 252 253 254 256 257 260 262 263 267 269 270 272
273 274 276 279 281 283 289 301 302 303 304 305 306 307 308 309 310 312 313 314 315 316 317 318
319 320 321 323 324 325 326 327 329 330 331 332 334 336 337 339 341 343 346 347 350 351 352 353
354 360 361 363 364 365 367 368 369 380 382 385 386 401 402 403 404 405 406 407 408 409 410 412
413 414 415 416 417 418 419 423 424 425 428 430 431 432 434 435 437 438 440 442 443 445 447 448
450 458 463 464 468 469 470 472 474 475 478 479 480 484 500 501 502 503 504 505 506 507 508 509
510 512 513 514 515 516 517 518 519 520 521 522 525 526 527 528 529 530 531 532 533 534 539 540
541 544 548 551 557 559 561 562 563 564 566 567 570 571 572 573 574 575 577 579 580 581 582 584
585 586 587 588 600 601 602 603 604 605 606 607 608 609 610 612 613 614 615 616 617 618 619 620
622 623 626 628 629 630 631 633 636 639 640 641 645 646 647 650 651 656 657 658 659 660 661 662
667 669 672 678 680 681 682 683 686 689 701 702 703 704 705 706 707 708 709 712 713 714 715 716
717 718 719 720 724 725 726 727 728 730 731 732 734 737 738 740 742 743 747 748 753 754 757 760
762 763 765 769 770 771 772 773 774 775 778 779 780 781 782 785 786 787 800 801 802 803 804 805
806 807 808 809 810 812 813 814 815 816 817 818 819 820 821 825 826 828 829 830 831 832 833 835
838 839 840 843 844 845 847 848 849 850 854 855 856 857 858 859 860 862 863 864 865 866 867 870
872 873 877 878 879 888 900 901 902 903 904 905 906 907 908 909 910 912 913 914 915 916 917 918
919 920 925 928 929 930 931 934 936 937 938 939 940 941 942 943 945 947 948 949 951 952 954 956
959 970 971 972 973 975 978 979 980 984 985 986 989
"""
_AREAS = frozenset(_AREA_CODES.split())
# What may stand between digits; the phone library passes over it too.
_PUNCTUATION = {
    ord(char): None
    for char in " ()-./[]\xa0\xad\u200b\u2010\u2011\u2012\u2013\u2014\u2015\u2060\u2212"
}
_FEWEST_TO_COMPARE = 3
_NORTH_AMERICAN = ("US", "CA")
_MOST_KNOWN = 32_768
_LONGEST_TEXT = 40
_FEWEST_DIGITS = 7
_FEWEST_OF_FULL = len("+") + 3 + _FEWEST_DIGITS  # whatever the length of the country's code
# What networks send in place of a withheld number: words, and those words typed on a keypad.
_WITHHELD = frozenset(
    {
        "anonymous",
        "restricted",
        "unknown",
        "private",
        "unavailable",
        "blocked",
        "withheld",
        "+266696687",
        "+7378742833",
        "+8566696",
        "+86282452253",
        "+2562533",
    }
)
_UNSEEN = object()


class Phones:
    """Turns numbers as phone systems write them into E.164, remembering those it met lately.

    ``region`` (``US``, ``DE``) is where a number without a country code belongs; without one,
    only numbers that start with ``+`` are understood. A number counts if the phone library calls
    it valid, not merely possible: an invalid one would link calls to the wrong contact.
    """

    __slots__ = ("_here", "_is_north_american", "_older", "_recent", "_region", "_starts")

    def __init__(self, region: str | None) -> None:
        self._region = region.upper() if region else None
        self._is_north_american = self._region in _NORTH_AMERICAN
        self._here: plans.Region | None = None  # known once a national number was met
        self._starts = ("+1", "", "1") if self._is_north_american else ("+1",)
        # Two halves: when the recent one is full it becomes the older one, so that numbers in use
        # stay known and memory stays bounded.
        self._recent: dict[str, str | None] = {}
        self._older: dict[str, str | None] = {}

    def e164(self, text: str) -> str | None:
        """Return the number in E.164, or None for what is no full, valid number.

        None too for withheld numbers, extensions of under seven digits, SIP addresses, and texts
        that start with a word.
        """
        found = self._recent.get(text, _UNSEEN)
        if found is _UNSEEN:
            found = self._older.get(text, _UNSEEN)
            if found is _UNSEEN:
                found = self._plain(text) or self._read(text)
            if len(self._recent) >= _MOST_KNOWN:
                self._older, self._recent = self._recent, {}
            self._recent[text] = found  # type: ignore[assignment]
        return found  # type: ignore[return-value]

    def column(self, texts: Sequence[object]) -> list[str | None]:
        """Return the numbers of many texts in E.164; None for what is no text as well.

        All of them are freed of punctuation at once, which is what costs time on plain ones.
        """
        known = [text if type(text) is str else "" for text in texts]
        bare = "\n".join(known).translate(_PUNCTUATION)
        numbers = bare.split("\n")
        e164 = self.e164
        if not bare.isascii() or len(numbers) != len(known):
            return [e164(text) for text in known]
        starts, local_starts = self._starts, _local_starts()
        abroad = plans.MATCHES
        code, here = self._here.plain if self._here else ("", None)
        found: list[str | None] = []
        for text, number in zip(known, numbers, strict=True):
            local = number[-10:]
            if (
                local[:4] in local_starts
                and number[:-10] in starts
                and local.isdigit()
                and len(local) == 10
                and len(text) <= _LONGEST_TEXT
            ):
                found.append("+1" + local)
            elif len(text) > _LONGEST_TEXT:
                found.append(e164(text))
            elif number[:1] == "+":
                matches = abroad.get(number[:4])
                plain = matches and number not in _WITHHELD and matches(number)
                found.append(number if plain else e164(text))
            else:
                match = here(number) if here else None
                found.append(code + match["n"] if match else e164(text))
        return found

    def comparable(self, text: str) -> str | None:
        """Return what a number is known by on lists: its E.164, or else its digits as they stand.

        None for what can be no telephone number: words, addresses, withheld numbers, and fewer
        than three digits.
        """
        found = self.e164(text)
        if found is not None:
            return found
        plain = text.strip().casefold().removeprefix("tel:").translate(_PUNCTUATION)
        digits = plain.removeprefix("+")
        if not (digits.isascii() and digits.isdigit()) or len(digits) < _FEWEST_TO_COMPARE:
            return None
        return None if plain in _WITHHELD else plain

    def _plain(self, text: str) -> str | None:
        """Return a well-formed North American number, for which the library is not needed."""
        if len(text) > _LONGEST_TEXT:
            return None
        # Clean international ones, the most frequent of all, have nothing to take out.
        number = text if text[:2] == "+1" and len(text) == 12 else text.translate(_PUNCTUATION)
        length = len(number)
        if self._is_north_american and length < 12:
            if length == 10:
                number = "+1" + number
            elif length == 11 and number[0] == "1":
                number = "+" + number
        if (
            len(number) == 12
            and number[2:5] in _AREAS
            and number[5] in "23456789"
            and number.startswith("+1")
            and number[6:].isdigit()
            and number.isascii()
        ):
            return number
        return None

    def _read(self, text: str) -> str | None:
        """Return a number by its country's plan where it is plain, else by the phone library."""
        number = text.translate(_PUNCTUATION)
        matches = plans.MATCHES.get(number[:4])
        if matches and matches(number) and len(text) <= _LONGEST_TEXT and number not in _WITHHELD:
            return number
        digits = number.removeprefix("+")
        if (
            len(text) > _LONGEST_TEXT
            or not (digits.isdigit() and digits.isascii())
            or number in _WITHHELD
        ):
            return self._ask_library(text)
        if len(digits) < _FEWEST_DIGITS:
            return None
        try:
            if digits is not number:
                return plans.international(digits)
            region = plans.region_of(self._region) if self._region else None
            found = region.e164(digits) if region else None
            if not self._is_north_american:
                self._here = region
        except plans.Unusual:
            return self._ask_library(text)
        if found is not None and len(found) < _FEWEST_OF_FULL:
            return self._ask_library(text)
        return found

    def _ask_library(self, text: str) -> str | None:
        if not _may_be_number(text) or not (self._region or "+" in text):
            return None
        import phonenumbers  # its import takes longer than most commands run

        try:
            number = phonenumbers.parse(text, self._region)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_valid_number(number):
            return None
        digits = len(phonenumbers.national_significant_number(number))
        if digits < _FEWEST_DIGITS and "+" not in text:
            return None
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@cache
def _local_starts() -> frozenset[str]:
    """The first four digits of every plain North American number."""
    return frozenset(area + digit for area in _AREAS for digit in "23456789")


def _may_be_number(text: str) -> bool:
    """Say whether a text is worth the library's time."""
    folded = fold(text)
    if "@" in folded or folded in _WITHHELD or len(folded) > 4 * _LONGEST_TEXT:
        return False
    signs = [char for char in folded.removeprefix("tel:") if char.isalnum()]
    # Letters count, since 1-800-FLOWERS is a number; a word in front makes it none.
    return len(signs) >= _FEWEST_DIGITS and signs[0].isdigit()


def is_region(region: str) -> bool:
    """Say whether the phone library knows a region's two letters, in capitals."""
    import phonenumbers  # as above

    return region in phonenumbers.SUPPORTED_REGIONS
