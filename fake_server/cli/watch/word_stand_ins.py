"""Stand-ins of words, addresses and texts: of the same shape, and the same for the same word."""

import hashlib
import ipaddress
import re
import secrets
from collections.abc import Callable, Collection, Iterator
from urllib.parse import quote, unquote_to_bytes

_VOWELS = "aeiou"
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
_HEX_LETTERS = "abcdef"
_TRIES = 100
_LEAST_PERSONAL_DIGITS = 5
_PHONE = re.compile(r"\+?[\d().\s/-]*")
_LEAST_PHONE = 7
_DATE = r"\d{4}-\d{1,2}-\d{1,2}"
_TOKEN = re.compile(
    rf"""
    (?P<moment>(?<!\d){_DATE}(?:[T\ ]\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?
        (?:\ ?(?:Z\b|UTC\b|[+-]\d{{2}}:?\d{{2}}))?)?(?!\d)
        |(?<![\d:])\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?![\d:]))
    |(?P<url>\bhttps?://[^\s"'<>]+)
    |(?P<email>[\w.+%-]+@[\w-]+(?:\.[\w-]+)+)
    |(?P<uuid>\b[0-9a-f]{{8}}-(?:[0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}\b)
    |(?P<address>(?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\w.])|(?<![\w:])[0-9a-f]*:[0-9a-f:]*:[0-9a-f]*(?![\w:]))
    |(?P<hex>\b(?=[0-9a-f]*\d)[0-9a-f]{{16,}}\b)
    |(?P<word>[^\W_]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_BIRTH_DATE = re.compile(_DATE)


class Words:
    """Stand-ins of words and of what is made of words, by a secret that dies with this object.

    A word is a run of letters and digits. Letters in either case have the same stand-in, each
    letter in its own case. A stand-in is neither its word, nor that of another word, nor any word
    that was `learned`: so long as there are words enough of its length.
    """

    def __init__(self, kept_hosts: Collection[str]) -> None:
        self._key = secrets.token_bytes(32)
        self._kept_hosts = {host.lower() for host in kept_hosts} | {"localhost"}
        self._stand_ins: dict[tuple[str, str], str] = {}
        self._words: dict[str, str] = {}
        self.learned: set[str] = set()
        self.personal_digits: set[str] = set()
        self.url: Callable[[str], str] = str

    def forget_stand_ins(self) -> None:
        """Choose stand-ins anew, now that more words are learned."""
        self._stand_ins.clear()
        self._words.clear()

    def text(self, text: str, *, forced: bool = False) -> str:
        """Return a text with stand-ins; dates stay, and so do numbers of a text without letters.

        `forced`: numbers change as well; they belong to a person, wherever else they stand.
        """
        if not forced and not any(map(str.isalpha, text)):
            if text not in self.personal_digits and not self._is_phone(text):
                return _TOKEN.sub(self._address_alone, text)
            forced = True
        return _TOKEN.sub(lambda match: self._token(match, forced), text)

    def _is_phone(self, text: str) -> bool:
        if not text.startswith(("+", "0", "(")) or not _PHONE.fullmatch(text):
            return False
        return sum(map(str.isdigit, text)) >= _LEAST_PHONE

    def _address_alone(self, match: re.Match[str]) -> str:
        if match["address"]:
            return self._address(match["address"])
        if match["word"] in self.personal_digits:
            return self.word(match["word"])
        return match[0]

    def _token(self, match: re.Match[str], forced: bool) -> str:
        token = match[0]
        kind = match.lastgroup
        if kind == "moment":
            return token
        if kind == "url":
            return self.url(token)
        if kind == "email":
            local, _, domain = token.rpartition("@")
            return f"{self.text(local, forced=True)}@{self.host(domain)}"
        if kind == "uuid":
            # The digits of version and variant stay: they make it a UUID.
            hidden = self._hex(token)
            return f"{hidden[:14]}{token[14]}{hidden[15:19]}{token[19]}{hidden[20:]}"
        if kind == "address":
            return self._address(token)
        if kind == "hex":
            return self._hex(token)
        if forced and token.isdigit() and len(token) >= _LEAST_PERSONAL_DIGITS:
            self.personal_digits.add(token)
        return self.word(token)

    def word(self, word: str) -> str:
        """Return the stand-in of a word."""
        return self._stand_in("word", word, _letters_like)

    def host(self, host: str) -> str:
        """Return the stand-in of a host; its last label is one that no registry gives out."""
        name, colon, port = host.rpartition(":") if re.search(r":\d+$", host) else (host, "", "")
        if name.lower() in self._kept_hosts or name.strip("[]") in self._kept_hosts:
            return host
        if _is_address(name.strip("[]")):
            bare = name.strip("[]")
            hidden = name.replace(bare, self._address(bare))
        else:
            *labels, top = name.split(".")
            ending = "z" * len(top) if labels else self.text(top, forced=True)
            hidden = ".".join([*(self.text(label, forced=True) for label in labels), ending])
        return f"{hidden}{colon}{port}"

    def _address(self, text: str) -> str:
        if not _is_address(text):
            return _WORD.sub(lambda match: self.word(match[0]), text)
        if ipaddress.ip_address(text).is_loopback:
            return text
        return self._stand_in("address", text, _hex_like if ":" in text else _octets_like)

    def _hex(self, text: str) -> str:
        return self._stand_in("hex", text, _hex_like)

    def birth_date(self, text: str) -> str:
        """Return a text with other dates."""
        return _BIRTH_DATE.sub(self._other_date, text)

    def _other_date(self, match: re.Match[str]) -> str:
        numbers = next(self._candidates("date", match[0], 3))
        return f"{1950 + numbers[0] % 55}-{1 + numbers[1] % 12:02}-{1 + numbers[2] % 28:02}"

    def _stand_in(self, kind: str, text: str, make: Callable[[str, list[int]], str]) -> str:
        folded = text.casefold()
        self.learned.add(folded)
        if (kind, folded) not in self._stand_ins:
            candidate = folded
            for stream in self._candidates(kind, folded, len(text)):
                candidate = make(text.lower(), stream)
                if candidate not in self.learned and candidate not in self._words:
                    break
            self._words[candidate] = folded
            self._stand_ins[kind, folded] = candidate
        stand_in = self._stand_ins[kind, folded]
        return "".join(
            new.upper() if old.isupper() else new for old, new in zip(text, stand_in, strict=False)
        )

    def _candidates(self, kind: str, text: str, length: int) -> Iterator[list[int]]:
        for number in range(_TRIES):
            seed = f"{kind}\0{number}\0{text}".encode("utf-8", "surrogatepass")
            stream = hashlib.shake_256(self._key + seed).digest(2 * max(1, length))
            yield [high << 8 | low for high, low in zip(stream[::2], stream[1::2], strict=True)]


def _letters_like(word: str, numbers: list[int]) -> str:
    return "".join(map(_letter_like, word, numbers))


def _letter_like(letter: str, number: int) -> str:
    if letter.isdigit():
        return str(number % 10)
    letters = _VOWELS if letter in _VOWELS or not letter.isascii() else _CONSONANTS
    return letters[number % len(letters)]


def _hex_like(text: str, numbers: list[int]) -> str:
    return "".join(map(_hex_digit_like, text, numbers))


def _hex_digit_like(letter: str, number: int) -> str:
    if letter.isdigit():
        return str(number % 10)
    return "abcdef"[number % 6] if letter in _HEX_LETTERS else letter


def _octets_like(address: str, numbers: list[int]) -> str:
    octets = zip(address.split("."), numbers, strict=False)
    return ".".join(str(_octet_like(len(octet), number)) for octet, number in octets)


def _octet_like(length: int, number: int) -> int:
    return (number % 10, 10 + number % 90, 100 + number % 156)[length - 1]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def respelled(raw: str, change: Callable[[str], str]) -> str:
    """Return a percent-encoded text with its decoded form changed, in its own spelling."""
    decoded = unquote_to_bytes(raw.replace("+", " ")).decode("utf-8", "surrogateescape")
    changed = change(decoded)
    if changed == decoded:
        return raw
    literal = "".join({character for character in raw if character not in "%+"})
    safe = "".join(character for character in literal if character.isascii())
    quoted = quote(changed, safe=safe, errors="surrogateescape")
    return quoted.replace("%20", "+") if "+" in raw else quoted
