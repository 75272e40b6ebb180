"""Hooks that the server calls by their names."""


def on_server_loaded(server_context):
    server_context.greeting = "the server has been loaded"
    server_context.ended = []


def on_server_unloaded(server_context):
    print("hooked: the server is going", flush=True)


def on_session_created(session_context):
    session_context.request.prepared = f"session {session_context.id} was prepared"


def on_session_destroyed(session_context):
    session_context.server_context.ended.append(f"hook:{session_context.id}:{session_context.destroyed}")


def process_request(request):
    asked = request.arguments.get("asked", [b"nothing"])[0].decode()
    return {"asked": asked, "path": request.path, "number": 1.5}
