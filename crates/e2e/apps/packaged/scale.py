"""What a module of the package takes from another."""


def scaled(values, factor):
    return values * factor
