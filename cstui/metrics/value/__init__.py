"""Fits of customer value: plain functions of counts and amounts, with scipy. Only who asks for a fit imports these; no SQL, no screens.

histories   days of purchase → repeat purchases, recency and age in weeks, spend; terms of subscriptions
fitting     the largest likelihood from several starts
bgnbd       BG/NBD (Fader, Hardie, Lee 2005): how often who is alive will buy again
gamma_gamma Gamma-Gamma (Fader, Hardie 2013): what a purchase is worth
sbg         shifted beta-geometric (Fader, Hardie 2007): how many terms a subscription lasts
"""
