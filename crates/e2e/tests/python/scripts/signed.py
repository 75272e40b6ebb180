try:
    session = pull_session(url=URL)
    answer(pulled=session.document.title)
except OSError as error:
    answer(refused=str(error))
