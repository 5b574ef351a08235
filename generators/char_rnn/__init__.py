"""A recurrent network that writes character by character, after Karpathy 2015."""
