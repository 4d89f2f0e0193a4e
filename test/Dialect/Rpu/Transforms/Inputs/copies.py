"""Prints a program that copies so many vectors into the tile and out again, each to its own place."""

import sys

print("""rpu.program @copies attributes {arguments = [
    #rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>,
    #rpu.argument<"y", output = true, bytes = 4, shape = [4], base = 2, dims = [0]>]} {
  %x = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %y = rpu.buffer dram "y" 0 {argument = 1 : i64}""")
for k in range(int(sys.argv[1])):
    sizes = "bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>"
    print(f'  %{k} = rpu.buffer vector "v{k}" 16 {{address = {16 * k} : i64}}')
    print(f"  rpu.copy_in %{k}, %x {{{sizes}}}\n  rpu.copy_out %y, %{k} {{{sizes}}}")
print("  rpu.halt\n}")
