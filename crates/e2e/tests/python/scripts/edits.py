from bokeh.core.properties import field, value
from bokeh.document.events import MessageSentEvent

DTYPES = ["bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]


class Copy:
    """A client, and what it has been told."""

    def __init__(self):
        self.session = pull()
        self.news, self.done = [], []
        self.session.document.on_message("news", self.news.append)
        self.session.document.on_message("done", self.done.append)

    def holds(self, expression):
        document = self.session.document

        def m(name):
            return document.get_model_by_name(name)

        def column(source, name):
            return list(m(source).data[name])

        scope = dict(document=document, m=m, column=column, news=self.news, field=field, value=value, DTYPES=DTYPES)
        return eval(expression, scope)


one, two = Copy(), Copy()
for name, expression in json.loads(sys.argv[2]):
    document = one.session.document
    document.callbacks.trigger_on_change(MessageSentEvent(document, "edit", name))
    for copy in (one, two):
        # Neither waits for a reply, so neither loses a patch.
        follow(copy.session, lambda: name in copy.done)
        assert copy.holds(expression), f"{name}: not {expression}"
    late = pull()
    try:
        assert_same(one.session.document, two.session.document, late.document)
    except AssertionError as error:
        raise AssertionError(f"{name}: {error}") from None
    late.close()
answer(edits=len(one.done))
