"""The weight of the class of non-digits in the novelty of a row, in all our forward passes."""

NON_DIGIT_WEIGHT = 0.015
"""The weight of the class of non-digits: how much its logit is above that of the best digit.

It was chosen as the numbers in ``training/_novelty.py`` were.
"""
