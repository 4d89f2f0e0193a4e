// RUN: rnn-translate --rpu-to-binary %s --verify-diagnostics --split-input-file -o /dev/null
// A value that does not fit its field is an error at the op, never cut off.

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects rows from 0 to 16777215, found 16777216}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<16777216>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects rows from 0 to 16777215, found -1}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<-1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects a count from 0 to 4294967295, found 4294967296}}
  rpu.loop <4294967296> {
  }
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects addresses below 4 GiB, found 4294967296}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<4294967296>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects addresses below 4 GiB, found -4}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<-4>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{expects a pitch of 31 bits, found 1073741824}}
  rpu.copy_in %x, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0, pitch = 1073741824>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  // expected-error @below {{is no instruction}}
  %0 = arith.constant 1 : i32
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  // Nothing uses it.
  %unused = rpu.buffer vector "unused" 4
  // expected-error @below {{has no address, run rpu-allocate}}
  %y = rpu.buffer vector "y" 16
  rpu.copy_in %y, %in {bytes = #rpu.n<16>, rows = #rpu.n<1>, dstView = #rpu.view<0>, srcView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{takes more than 32 lane registers at once}}
  rpu.lanes 1 {
    %0 = rpu.lane.constant {value = 1.0 : f32}
    %1 = rpu.lane.constant {value = 1.0 : f32}
    %2 = rpu.lane.constant {value = 1.0 : f32}
    %3 = rpu.lane.constant {value = 1.0 : f32}
    %4 = rpu.lane.constant {value = 1.0 : f32}
    %5 = rpu.lane.constant {value = 1.0 : f32}
    %6 = rpu.lane.constant {value = 1.0 : f32}
    %7 = rpu.lane.constant {value = 1.0 : f32}
    %8 = rpu.lane.constant {value = 1.0 : f32}
    %9 = rpu.lane.constant {value = 1.0 : f32}
    %10 = rpu.lane.constant {value = 1.0 : f32}
    %11 = rpu.lane.constant {value = 1.0 : f32}
    %12 = rpu.lane.constant {value = 1.0 : f32}
    %13 = rpu.lane.constant {value = 1.0 : f32}
    %14 = rpu.lane.constant {value = 1.0 : f32}
    %15 = rpu.lane.constant {value = 1.0 : f32}
    %16 = rpu.lane.constant {value = 1.0 : f32}
    %17 = rpu.lane.constant {value = 1.0 : f32}
    %18 = rpu.lane.constant {value = 1.0 : f32}
    %19 = rpu.lane.constant {value = 1.0 : f32}
    %20 = rpu.lane.constant {value = 1.0 : f32}
    %21 = rpu.lane.constant {value = 1.0 : f32}
    %22 = rpu.lane.constant {value = 1.0 : f32}
    %23 = rpu.lane.constant {value = 1.0 : f32}
    %24 = rpu.lane.constant {value = 1.0 : f32}
    %25 = rpu.lane.constant {value = 1.0 : f32}
    %26 = rpu.lane.constant {value = 1.0 : f32}
    %27 = rpu.lane.constant {value = 1.0 : f32}
    %28 = rpu.lane.constant {value = 1.0 : f32}
    %29 = rpu.lane.constant {value = 1.0 : f32}
    %30 = rpu.lane.constant {value = 1.0 : f32}
    %31 = rpu.lane.constant {value = 1.0 : f32}
    %32 = rpu.lane.constant {value = 1.0 : f32}
    rpu.lane.store %x, %0 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %1 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %2 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %3 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %4 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %5 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %6 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %7 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %8 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %9 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %10 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %11 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %12 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %13 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %14 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %15 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %16 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %17 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %18 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %19 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %20 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %21 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %22 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %23 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %24 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %25 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %26 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %27 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %28 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %29 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %30 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %31 {targetView = #rpu.view<0>}
    rpu.lane.store %x, %32 {targetView = #rpu.view<0>}
  }
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = [#rpu.argument<"x", output = false, bytes = 4, shape = [4], base = 1, dims = [0]>]} {
  %in = rpu.buffer dram "x" 0 {argument = 0 : i64}
  %x = rpu.buffer vector "x" 64 {address = 0 : i64}
  // expected-error @below {{takes more than 255 micro-operations}}
  rpu.lanes 1 {
    %0 = rpu.lane.constant {value = 1.0 : f32}
    %1 = rpu.lane.constant {value = 1.0 : f32}
    %2 = rpu.lane.constant {value = 1.0 : f32}
    %3 = rpu.lane.constant {value = 1.0 : f32}
    %4 = rpu.lane.constant {value = 1.0 : f32}
    %5 = rpu.lane.constant {value = 1.0 : f32}
    %6 = rpu.lane.constant {value = 1.0 : f32}
    %7 = rpu.lane.constant {value = 1.0 : f32}
    %8 = rpu.lane.constant {value = 1.0 : f32}
    %9 = rpu.lane.constant {value = 1.0 : f32}
    %10 = rpu.lane.constant {value = 1.0 : f32}
    %11 = rpu.lane.constant {value = 1.0 : f32}
    %12 = rpu.lane.constant {value = 1.0 : f32}
    %13 = rpu.lane.constant {value = 1.0 : f32}
    %14 = rpu.lane.constant {value = 1.0 : f32}
    %15 = rpu.lane.constant {value = 1.0 : f32}
    %16 = rpu.lane.constant {value = 1.0 : f32}
    %17 = rpu.lane.constant {value = 1.0 : f32}
    %18 = rpu.lane.constant {value = 1.0 : f32}
    %19 = rpu.lane.constant {value = 1.0 : f32}
    %20 = rpu.lane.constant {value = 1.0 : f32}
    %21 = rpu.lane.constant {value = 1.0 : f32}
    %22 = rpu.lane.constant {value = 1.0 : f32}
    %23 = rpu.lane.constant {value = 1.0 : f32}
    %24 = rpu.lane.constant {value = 1.0 : f32}
    %25 = rpu.lane.constant {value = 1.0 : f32}
    %26 = rpu.lane.constant {value = 1.0 : f32}
    %27 = rpu.lane.constant {value = 1.0 : f32}
    %28 = rpu.lane.constant {value = 1.0 : f32}
    %29 = rpu.lane.constant {value = 1.0 : f32}
    %30 = rpu.lane.constant {value = 1.0 : f32}
    %31 = rpu.lane.constant {value = 1.0 : f32}
    %32 = rpu.lane.constant {value = 1.0 : f32}
    %33 = rpu.lane.constant {value = 1.0 : f32}
    %34 = rpu.lane.constant {value = 1.0 : f32}
    %35 = rpu.lane.constant {value = 1.0 : f32}
    %36 = rpu.lane.constant {value = 1.0 : f32}
    %37 = rpu.lane.constant {value = 1.0 : f32}
    %38 = rpu.lane.constant {value = 1.0 : f32}
    %39 = rpu.lane.constant {value = 1.0 : f32}
    %40 = rpu.lane.constant {value = 1.0 : f32}
    %41 = rpu.lane.constant {value = 1.0 : f32}
    %42 = rpu.lane.constant {value = 1.0 : f32}
    %43 = rpu.lane.constant {value = 1.0 : f32}
    %44 = rpu.lane.constant {value = 1.0 : f32}
    %45 = rpu.lane.constant {value = 1.0 : f32}
    %46 = rpu.lane.constant {value = 1.0 : f32}
    %47 = rpu.lane.constant {value = 1.0 : f32}
    %48 = rpu.lane.constant {value = 1.0 : f32}
    %49 = rpu.lane.constant {value = 1.0 : f32}
    %50 = rpu.lane.constant {value = 1.0 : f32}
    %51 = rpu.lane.constant {value = 1.0 : f32}
    %52 = rpu.lane.constant {value = 1.0 : f32}
    %53 = rpu.lane.constant {value = 1.0 : f32}
    %54 = rpu.lane.constant {value = 1.0 : f32}
    %55 = rpu.lane.constant {value = 1.0 : f32}
    %56 = rpu.lane.constant {value = 1.0 : f32}
    %57 = rpu.lane.constant {value = 1.0 : f32}
    %58 = rpu.lane.constant {value = 1.0 : f32}
    %59 = rpu.lane.constant {value = 1.0 : f32}
    %60 = rpu.lane.constant {value = 1.0 : f32}
    %61 = rpu.lane.constant {value = 1.0 : f32}
    %62 = rpu.lane.constant {value = 1.0 : f32}
    %63 = rpu.lane.constant {value = 1.0 : f32}
    %64 = rpu.lane.constant {value = 1.0 : f32}
    %65 = rpu.lane.constant {value = 1.0 : f32}
    %66 = rpu.lane.constant {value = 1.0 : f32}
    %67 = rpu.lane.constant {value = 1.0 : f32}
    %68 = rpu.lane.constant {value = 1.0 : f32}
    %69 = rpu.lane.constant {value = 1.0 : f32}
    %70 = rpu.lane.constant {value = 1.0 : f32}
    %71 = rpu.lane.constant {value = 1.0 : f32}
    %72 = rpu.lane.constant {value = 1.0 : f32}
    %73 = rpu.lane.constant {value = 1.0 : f32}
    %74 = rpu.lane.constant {value = 1.0 : f32}
    %75 = rpu.lane.constant {value = 1.0 : f32}
    %76 = rpu.lane.constant {value = 1.0 : f32}
    %77 = rpu.lane.constant {value = 1.0 : f32}
    %78 = rpu.lane.constant {value = 1.0 : f32}
    %79 = rpu.lane.constant {value = 1.0 : f32}
    %80 = rpu.lane.constant {value = 1.0 : f32}
    %81 = rpu.lane.constant {value = 1.0 : f32}
    %82 = rpu.lane.constant {value = 1.0 : f32}
    %83 = rpu.lane.constant {value = 1.0 : f32}
    %84 = rpu.lane.constant {value = 1.0 : f32}
    %85 = rpu.lane.constant {value = 1.0 : f32}
    %86 = rpu.lane.constant {value = 1.0 : f32}
    %87 = rpu.lane.constant {value = 1.0 : f32}
    %88 = rpu.lane.constant {value = 1.0 : f32}
    %89 = rpu.lane.constant {value = 1.0 : f32}
    %90 = rpu.lane.constant {value = 1.0 : f32}
    %91 = rpu.lane.constant {value = 1.0 : f32}
    %92 = rpu.lane.constant {value = 1.0 : f32}
    %93 = rpu.lane.constant {value = 1.0 : f32}
    %94 = rpu.lane.constant {value = 1.0 : f32}
    %95 = rpu.lane.constant {value = 1.0 : f32}
    %96 = rpu.lane.constant {value = 1.0 : f32}
    %97 = rpu.lane.constant {value = 1.0 : f32}
    %98 = rpu.lane.constant {value = 1.0 : f32}
    %99 = rpu.lane.constant {value = 1.0 : f32}
    %100 = rpu.lane.constant {value = 1.0 : f32}
    %101 = rpu.lane.constant {value = 1.0 : f32}
    %102 = rpu.lane.constant {value = 1.0 : f32}
    %103 = rpu.lane.constant {value = 1.0 : f32}
    %104 = rpu.lane.constant {value = 1.0 : f32}
    %105 = rpu.lane.constant {value = 1.0 : f32}
    %106 = rpu.lane.constant {value = 1.0 : f32}
    %107 = rpu.lane.constant {value = 1.0 : f32}
    %108 = rpu.lane.constant {value = 1.0 : f32}
    %109 = rpu.lane.constant {value = 1.0 : f32}
    %110 = rpu.lane.constant {value = 1.0 : f32}
    %111 = rpu.lane.constant {value = 1.0 : f32}
    %112 = rpu.lane.constant {value = 1.0 : f32}
    %113 = rpu.lane.constant {value = 1.0 : f32}
    %114 = rpu.lane.constant {value = 1.0 : f32}
    %115 = rpu.lane.constant {value = 1.0 : f32}
    %116 = rpu.lane.constant {value = 1.0 : f32}
    %117 = rpu.lane.constant {value = 1.0 : f32}
    %118 = rpu.lane.constant {value = 1.0 : f32}
    %119 = rpu.lane.constant {value = 1.0 : f32}
    %120 = rpu.lane.constant {value = 1.0 : f32}
    %121 = rpu.lane.constant {value = 1.0 : f32}
    %122 = rpu.lane.constant {value = 1.0 : f32}
    %123 = rpu.lane.constant {value = 1.0 : f32}
    %124 = rpu.lane.constant {value = 1.0 : f32}
    %125 = rpu.lane.constant {value = 1.0 : f32}
    %126 = rpu.lane.constant {value = 1.0 : f32}
    %127 = rpu.lane.constant {value = 1.0 : f32}
    %128 = rpu.lane.constant {value = 1.0 : f32}
    %129 = rpu.lane.constant {value = 1.0 : f32}
    %130 = rpu.lane.constant {value = 1.0 : f32}
    %131 = rpu.lane.constant {value = 1.0 : f32}
    %132 = rpu.lane.constant {value = 1.0 : f32}
    %133 = rpu.lane.constant {value = 1.0 : f32}
    %134 = rpu.lane.constant {value = 1.0 : f32}
    %135 = rpu.lane.constant {value = 1.0 : f32}
    %136 = rpu.lane.constant {value = 1.0 : f32}
    %137 = rpu.lane.constant {value = 1.0 : f32}
    %138 = rpu.lane.constant {value = 1.0 : f32}
    %139 = rpu.lane.constant {value = 1.0 : f32}
    %140 = rpu.lane.constant {value = 1.0 : f32}
    %141 = rpu.lane.constant {value = 1.0 : f32}
    %142 = rpu.lane.constant {value = 1.0 : f32}
    %143 = rpu.lane.constant {value = 1.0 : f32}
    %144 = rpu.lane.constant {value = 1.0 : f32}
    %145 = rpu.lane.constant {value = 1.0 : f32}
    %146 = rpu.lane.constant {value = 1.0 : f32}
    %147 = rpu.lane.constant {value = 1.0 : f32}
    %148 = rpu.lane.constant {value = 1.0 : f32}
    %149 = rpu.lane.constant {value = 1.0 : f32}
    %150 = rpu.lane.constant {value = 1.0 : f32}
    %151 = rpu.lane.constant {value = 1.0 : f32}
    %152 = rpu.lane.constant {value = 1.0 : f32}
    %153 = rpu.lane.constant {value = 1.0 : f32}
    %154 = rpu.lane.constant {value = 1.0 : f32}
    %155 = rpu.lane.constant {value = 1.0 : f32}
    %156 = rpu.lane.constant {value = 1.0 : f32}
    %157 = rpu.lane.constant {value = 1.0 : f32}
    %158 = rpu.lane.constant {value = 1.0 : f32}
    %159 = rpu.lane.constant {value = 1.0 : f32}
    %160 = rpu.lane.constant {value = 1.0 : f32}
    %161 = rpu.lane.constant {value = 1.0 : f32}
    %162 = rpu.lane.constant {value = 1.0 : f32}
    %163 = rpu.lane.constant {value = 1.0 : f32}
    %164 = rpu.lane.constant {value = 1.0 : f32}
    %165 = rpu.lane.constant {value = 1.0 : f32}
    %166 = rpu.lane.constant {value = 1.0 : f32}
    %167 = rpu.lane.constant {value = 1.0 : f32}
    %168 = rpu.lane.constant {value = 1.0 : f32}
    %169 = rpu.lane.constant {value = 1.0 : f32}
    %170 = rpu.lane.constant {value = 1.0 : f32}
    %171 = rpu.lane.constant {value = 1.0 : f32}
    %172 = rpu.lane.constant {value = 1.0 : f32}
    %173 = rpu.lane.constant {value = 1.0 : f32}
    %174 = rpu.lane.constant {value = 1.0 : f32}
    %175 = rpu.lane.constant {value = 1.0 : f32}
    %176 = rpu.lane.constant {value = 1.0 : f32}
    %177 = rpu.lane.constant {value = 1.0 : f32}
    %178 = rpu.lane.constant {value = 1.0 : f32}
    %179 = rpu.lane.constant {value = 1.0 : f32}
    %180 = rpu.lane.constant {value = 1.0 : f32}
    %181 = rpu.lane.constant {value = 1.0 : f32}
    %182 = rpu.lane.constant {value = 1.0 : f32}
    %183 = rpu.lane.constant {value = 1.0 : f32}
    %184 = rpu.lane.constant {value = 1.0 : f32}
    %185 = rpu.lane.constant {value = 1.0 : f32}
    %186 = rpu.lane.constant {value = 1.0 : f32}
    %187 = rpu.lane.constant {value = 1.0 : f32}
    %188 = rpu.lane.constant {value = 1.0 : f32}
    %189 = rpu.lane.constant {value = 1.0 : f32}
    %190 = rpu.lane.constant {value = 1.0 : f32}
    %191 = rpu.lane.constant {value = 1.0 : f32}
    %192 = rpu.lane.constant {value = 1.0 : f32}
    %193 = rpu.lane.constant {value = 1.0 : f32}
    %194 = rpu.lane.constant {value = 1.0 : f32}
    %195 = rpu.lane.constant {value = 1.0 : f32}
    %196 = rpu.lane.constant {value = 1.0 : f32}
    %197 = rpu.lane.constant {value = 1.0 : f32}
    %198 = rpu.lane.constant {value = 1.0 : f32}
    %199 = rpu.lane.constant {value = 1.0 : f32}
    %200 = rpu.lane.constant {value = 1.0 : f32}
    %201 = rpu.lane.constant {value = 1.0 : f32}
    %202 = rpu.lane.constant {value = 1.0 : f32}
    %203 = rpu.lane.constant {value = 1.0 : f32}
    %204 = rpu.lane.constant {value = 1.0 : f32}
    %205 = rpu.lane.constant {value = 1.0 : f32}
    %206 = rpu.lane.constant {value = 1.0 : f32}
    %207 = rpu.lane.constant {value = 1.0 : f32}
    %208 = rpu.lane.constant {value = 1.0 : f32}
    %209 = rpu.lane.constant {value = 1.0 : f32}
    %210 = rpu.lane.constant {value = 1.0 : f32}
    %211 = rpu.lane.constant {value = 1.0 : f32}
    %212 = rpu.lane.constant {value = 1.0 : f32}
    %213 = rpu.lane.constant {value = 1.0 : f32}
    %214 = rpu.lane.constant {value = 1.0 : f32}
    %215 = rpu.lane.constant {value = 1.0 : f32}
    %216 = rpu.lane.constant {value = 1.0 : f32}
    %217 = rpu.lane.constant {value = 1.0 : f32}
    %218 = rpu.lane.constant {value = 1.0 : f32}
    %219 = rpu.lane.constant {value = 1.0 : f32}
    %220 = rpu.lane.constant {value = 1.0 : f32}
    %221 = rpu.lane.constant {value = 1.0 : f32}
    %222 = rpu.lane.constant {value = 1.0 : f32}
    %223 = rpu.lane.constant {value = 1.0 : f32}
    %224 = rpu.lane.constant {value = 1.0 : f32}
    %225 = rpu.lane.constant {value = 1.0 : f32}
    %226 = rpu.lane.constant {value = 1.0 : f32}
    %227 = rpu.lane.constant {value = 1.0 : f32}
    %228 = rpu.lane.constant {value = 1.0 : f32}
    %229 = rpu.lane.constant {value = 1.0 : f32}
    %230 = rpu.lane.constant {value = 1.0 : f32}
    %231 = rpu.lane.constant {value = 1.0 : f32}
    %232 = rpu.lane.constant {value = 1.0 : f32}
    %233 = rpu.lane.constant {value = 1.0 : f32}
    %234 = rpu.lane.constant {value = 1.0 : f32}
    %235 = rpu.lane.constant {value = 1.0 : f32}
    %236 = rpu.lane.constant {value = 1.0 : f32}
    %237 = rpu.lane.constant {value = 1.0 : f32}
    %238 = rpu.lane.constant {value = 1.0 : f32}
    %239 = rpu.lane.constant {value = 1.0 : f32}
    %240 = rpu.lane.constant {value = 1.0 : f32}
    %241 = rpu.lane.constant {value = 1.0 : f32}
    %242 = rpu.lane.constant {value = 1.0 : f32}
    %243 = rpu.lane.constant {value = 1.0 : f32}
    %244 = rpu.lane.constant {value = 1.0 : f32}
    %245 = rpu.lane.constant {value = 1.0 : f32}
    %246 = rpu.lane.constant {value = 1.0 : f32}
    %247 = rpu.lane.constant {value = 1.0 : f32}
    %248 = rpu.lane.constant {value = 1.0 : f32}
    %249 = rpu.lane.constant {value = 1.0 : f32}
    %250 = rpu.lane.constant {value = 1.0 : f32}
    %251 = rpu.lane.constant {value = 1.0 : f32}
    %252 = rpu.lane.constant {value = 1.0 : f32}
    %253 = rpu.lane.constant {value = 1.0 : f32}
    %254 = rpu.lane.constant {value = 1.0 : f32}
    %255 = rpu.lane.constant {value = 1.0 : f32}
  }
  rpu.halt
}

// -----

// expected-error @below {{is not in machine form, run convert-rnn-to-rpu}}
rpu.program @tensors {
  rpu.return
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{is no instruction}}
  %x = builtin.unrealized_conversion_cast to !rpu.buffer
  rpu.fetch %x {rd = 1 : i64, sourceView = #rpu.view<0>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{expects a constant with its elements at hand}}
  %x = rpu.buffer dram "x" 16 {constant = dense_resource<absent> : tensor<4xf32>}
  rpu.halt
}

// -----

rpu.program @p attributes {arguments = []} {
  // expected-error @below {{expects a constant of at most 2 GiB, found 4398046511104 bytes}}
  %w = rpu.buffer dram "w" 4398046511104 {constant = dense<1.0> : tensor<1048576x1048576xf32>}
  rpu.halt
}

// -----

// expected-error @below {{program 'p': the name of buffer 0 is not UTF-8}}
rpu.program @p attributes {arguments = []} {
  %x = rpu.buffer vector "\FF" 64 {address = 0 : i64}
  rpu.halt
}
