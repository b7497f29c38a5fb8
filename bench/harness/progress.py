"""What a person sees while the bench runs."""


def say(text: str) -> None:
    """One line, at once."""
    print(text, flush=True)
