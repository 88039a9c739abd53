"""A port in use is named before anything starts, with the way to choose another."""

import socket

import pytest

from tools import ports, run
from tools.trouble import Trouble


def test_a_port_in_use_is_named_with_the_way_to_choose_another():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(Trouble) as trouble:
            ports.must_be_free(port, "CAMPUS_PORT")

    assert str(trouble.value).startswith(f"Port {port} is in use, by another program or by a make run that still runs:")
    assert "make run CAMPUS_PORT=" in str(trouble.value)


def test_a_port_of_a_server_that_has_gone_is_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), server.accept()[0]:
            pass

    ports.must_be_free(port, "PORT")
    assert not ports.answers(port, "/")


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "80a", "\uff18000"])
def test_what_is_no_port_is_said_with_an_example(text: str):
    with pytest.raises(Trouble) as trouble:
        ports.port_from(text, "PORT")

    assert str(trouble.value) == f"PORT must be a port between 1 and 65535, such as PORT=8010, and not {text!r}."


def test_tool_and_campus_need_a_port_each():
    with pytest.raises(Trouble, match=r"^PORT and CAMPUS_PORT must differ, "):
        run.main(["--port", "8010", "--campus-port", "8010"])
