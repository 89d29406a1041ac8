"""What is a command, and what ends the connection."""

import pytest

from havana.live.closing import Close, Hangup
from havana.live.decoding import decode_frame


def test_a_frame_holds_one_command_or_several_joined_by_newlines():
    commands = decode_frame('{"id":1,"do":"read","seq":2}\n\n{"id":2,"do":"typing"}\n')

    assert [(command.id, command.do) for command in commands] == [(1, "read"), (2, "typing")]
    assert commands[0].fields == {"id": 1, "do": "read", "seq": 2}


def test_a_pong_is_life_and_no_command():
    assert decode_frame("{}") == []


@pytest.mark.parametrize(
    "frame",
    [
        "hello",
        '{"id":1,"do":"hello"',
        '{"id":1,"do":NaN}',
        "[]",
        "7",
        '{"do":"hello"}',
        '{"id":"1","do":"hello"}',
        '{"id":true,"do":"hello"}',
        '{"id":1.5,"do":"hello"}',
        '{"id":1e300,"do":"hello"}',
        '{"id":123456789012345678901234567890,"do":"hello"}',
        '{"id":1}',
        '{"id":1,"do":null}',
        "[" * 60_000,
        '{"id":1,"do":"post","text":' + "[" * 50_000 + "]" * 50_000 + "}",
        '{"id":1,"do":"post"}\nnonsense',
        b'{"id":1,"do":"hello"}',
        "\ud800",
    ],
)
def test_what_is_not_a_command_ends_the_connection_with_4501(frame):
    with pytest.raises(Hangup) as hangup:
        decode_frame(frame)

    assert hangup.value.code is Close.BAD_FRAME


def test_half_an_emoji_as_a_browser_sends_it_is_text_all_the_same():
    [command] = decode_frame(r'{"id":1,"do":"post","text":"torn \ud83d, whole \ud83d\ude00"}')

    assert command.fields["text"] == "torn \ufffd, whole \U0001f600"
