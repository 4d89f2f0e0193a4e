"""Prints a program with a lane program of so many constants: `live` stores each after the last is made."""

import sys

kind, count = sys.argv[1], int(sys.argv[2])
print("""rpu.program @p attributes {arguments = []} {
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  rpu.lanes 1 {""")
for k in range(count):
    print(f"    %{k} = rpu.lane.constant {{value = 1.0 : f32}}")
for k in range(count if kind == "live" else 0):
    print(f"    rpu.lane.store %x, %{k} {{targetView = #rpu.view<0>}}")
print("  }\n  rpu.halt\n}")
