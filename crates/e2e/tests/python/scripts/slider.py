session = pull()
document = session.document
slider, curve, plot = (document.get_model_by_name(name) for name in ("amplitude", "curve", "plot"))
before = max(curve.data["y"])
slider.value = 2
document.get_model_by_name("title").value = "from Python"
document = settled(session)
slider, curve, plot = (document.get_model_by_name(name) for name in ("amplitude", "curve", "plot"))
answer(
    version=session.request_server_info()["version_info"]["bokeh"],
    document_title=document.title,
    before=round(before, 2),
    value=slider.value,
    after=round(max(curve.data["y"]), 2),
    rows=len(curve.data["y"]),
    title=plot.title.text,
)
