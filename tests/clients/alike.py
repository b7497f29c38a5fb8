"""Puts the same to two services, and tells where their answers differ."""


def compare(cases, ours, theirs):
    """Both are called with each case's parts. The exit code: 0 where every answer is the same."""
    different = 0
    for case in cases:
        here, there = ours(*case), theirs(*case)
        if here != there:
            different += 1
            print(f"{case}\n  ours:   {here}\n  theirs: {there}")
    print(f"{len(cases)} requests, {different} answered in another way")
    return 1 if different else 0
