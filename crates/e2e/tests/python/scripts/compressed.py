"""Lets the clients of a script offer compression, which Bokeh's never do, and answers whether it has saved anything."""

import bokeh.client.connection as connection
from tornado.websocket import websocket_connect

protocols = []
answer_of_script = answer


async def connect(*args, **options):
    socket = await websocket_connect(*args, compression_options={}, **options)
    protocols.append(socket.protocol)
    return socket


def answer(**values):
    # Tornado counts for its own tests.
    saved = [protocol._wire_bytes_in < protocol._message_bytes_in for protocol in protocols]
    answer_of_script(**values, saved=saved)


connection.websocket_connect = connect
