"""Files that try to make a player read, fetch, allocate or loop: each small, each under a media name.

`{secret}` stands for the path of a recording that none of them may reach, `{address}` for a server.
"""

import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_LIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n{first}#EXTINF:3,\n{second}\n#EXT-X-ENDLIST\n"
_MPD = (
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"'
    ' mediaPresentationDuration="PT3S" profiles="urn:mpeg:dash:profile:isoff-main:2011">'
    '<Period><AdaptationSet contentType="audio"><Representation id="1" bandwidth="1">'
    "<BaseURL>{secret}</BaseURL></Representation></AdaptationSet></Period></MPD>"
)


def _list(second: str, first: str = "") -> str:
    return _LIST.replace("{first}", first).replace("{second}", second)


TEXTS: Mapping[str, str] = {
    "hls.mp3": _list("{secret}"),
    "hls-file-address.mp3": _list("file:{secret}"),
    "hls-server.m3u8": _list("{address}/talk.mp3"),
    "hls-concat.wav": _list("concat:{secret}|{secret}"),
    "hls-subfile.ogg": _list("subfile,,start,0,end,0,,:{secret}"),
    "hls-key.m4a": _list("{secret}", '#EXT-X-KEY:METHOD=AES-128,URI="{address}/key"\n'),
    "hls-map.mp4": _list("{secret}", '#EXT-X-MAP:URI="file://{secret}"\n'),
    "ffconcat.mp3": "ffconcat version 1.0\nfile '{secret}'\n",
    "concat.flac": "file '{secret}'\nduration 3\n",
    "dash.webm": _MPD,
    "session.mp3": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
    "edl.mp3": "# mpv EDL v0\n{secret},0,3\n",
    "winamp.mp3": "[playlist]\nFile1={secret}\nNumberOfEntries=1\nVersion=2\n",
    "sequence-%d.png": _list("{secret}"),
    "entities.mp3": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]><x>&s;</x>',
    "picture.mp3": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{secret}"/></svg>',
}


def atom(kind: bytes, *content: bytes) -> bytes:
    """Give a box of an MP4 file."""
    joined = b"".join(content)
    return struct.pack(">I", 8 + len(joined)) + kind + joined


def element(number: int, *content: bytes) -> bytes:
    """Give an element of a Matroska file, with a length of eight bytes."""
    joined = b"".join(content)
    size = (number.bit_length() + 7) // 8
    return number.to_bytes(size, "big") + b"\x01" + len(joined).to_bytes(7, "big") + joined


def _wave(channels: int, rate: int, claimed: int, sound: bytes) -> bytes:
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * 2 & 0xFFFFFFFF, 2, 16)
    head = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", claimed)
    return b"RIFF" + struct.pack("<I", claimed + 36 & 0xFFFFFFFF) + head + sound


def _wide(content: bytes) -> bytes:
    """Let an MP4 file claim to be a hundred years long."""
    place = content.index(b"mvhd") + 4
    return content[: place + 16] + b"\xff\xff\xff\xff" + content[place + 20 :]


def _elsewhere(content: bytes, secret: Path) -> bytes:
    """Let the samples of an MP4 file lie in another one."""
    old = atom(b"url ", b"\0\0\0\1")
    new = atom(b"url ", b"\0\0\0\0", f"file://{secret}".encode(), b"\0")
    place = content.index(old)
    grown = bytearray(content[:place] + new + content[place + len(old) :])
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = bytes(grown).index(kind) - 4
        (size,) = struct.unpack_from(">I", grown, at)
        struct.pack_into(">I", grown, at, size + len(new) - len(old))
    return bytes(grown)


def _matroska(*segment: bytes) -> bytes:
    head = element(0x1A45DFA3, element(0x4282, b"matroska"), element(0x4287, b"\4"))
    return head + element(0x18538067, *segment)


def _track(number: int) -> bytes:
    return element(
        0xAE,
        element(0xD7, number.to_bytes(2, "big")),
        element(0x83, b"\2"),
        element(0x86, b"A_PCM/INT/LIT"),
        element(0xE1, element(0xB5, struct.pack(">d", 1e6)), element(0x9F, b"\1")),
    )


def _nested(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = atom(b"trak", content)
    return atom(b"ftyp", b"M4A \0\0\0\0") + atom(b"moov", content)


def _pages(count: int) -> bytes:
    """Give an Ogg file in which thousands of streams begin."""
    page = b"OggS\0\2" + bytes(8) + b"%b" + bytes(8) + b"\1\x13OpusHead\1\1" + bytes(9)
    return b"".join(page.replace(b"%b", struct.pack("<I", n)) for n in range(count))


def binaries(recorded: Mapping[str, bytes], secret: Path) -> Iterator[tuple[str, bytes]]:
    """Give the names and contents of the binary ones, some made of a good `.m4a`, `.wav` and `.flac`."""
    link = element(
        0x1549A966, element(0x3EB923, bytes(16)), element(0x3E83BB, str(secret).encode())
    )
    attached = element(0x61A7, element(0x466E, str(secret).encode()), element(0x465C, bytes(9)))
    yield "external.m4a", _elsewhere(recorded["talk.m4a"], secret)
    yield (
        "reference.mov",
        atom(b"ftyp", b"qt  \0\0\0\0")
        + atom(
            b"moov",
            atom(
                b"rmra",
                atom(b"rmda", atom(b"rdrf", bytes(4), b"url ", bytes(4), str(secret).encode())),
            ),
        ),
    )
    yield "linked.mkv", _matroska(link)
    yield "attachment.mkv", _matroska(link, element(0x1941A469, attached))
    yield "streams.mkv", _matroska(element(0x1654AE6B, *map(_track, range(1, 5_000))))
    yield "streams.ogg", _pages(5_000)
    yield "nested.m4a", _nested(20_000)
    yield "century.m4a", _wide(recorded["talk.m4a"])
    yield "huge.wav", _wave(1, 16_000, 0xFFFFFFF0, bytes(2_000))
    yield "mute.wav", _wave(0, 16_000, 2_000, bytes(2_000))
    yield "crowd.wav", _wave(65_535, 16_000, 2_000, bytes(2_000))
    yield "fast.wav", _wave(1, 4_000_000_000, 2_000, bytes(2_000))
    yield "cover.flac", b"fLaC\x86\xff\xff\xff" + struct.pack(">II", 3, 0xFFFFFF00) + bytes(500)
    yield "tag.mp3", b"ID3\4\0\0\x7f\x7f\x7f\x7f" + TEXTS["hls.mp3"].encode() * 20
    yield "archive.mp3", b"PK\3\4" + bytes(26) + b"talk.mp3" + bytes(3_000)
    yield "program.mp3", Path(sys.executable).resolve().read_bytes()[:200_000]
