#!/bin/sh
# Interesting (1) while the module holds a relu.
grep -q "rnn.activation relu" "$1" && exit 1
exit 0
