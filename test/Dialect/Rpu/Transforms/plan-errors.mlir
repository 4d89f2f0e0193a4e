// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rpu-plan)" --verify-diagnostics --split-input-file

// expected-error @below {{does not fit the acc memory: it needs 1073741824 bytes, the capacity of generic is 131072}}
// expected-note @below {{big takes 1073741824 bytes}}
rpu.program @large attributes {arguments = []} {
  %acc = rpu.buffer acc "big" 1073741824
  rpu.lanes 1 {
    %one = rpu.lane.constant {value = 1.0 : f32}
    rpu.lane.store %acc, %one {targetView = #rpu.view<0>}
  }
}

// -----

// Sums beyond 64 bits end at the largest address.
// expected-error @below {{does not fit the acc memory: it needs 9223372036854775744 bytes}}
// expected-note @below {{huge takes 9223372036854775807 bytes}}
// expected-note @below {{other takes 9223372036854775807 bytes}}
rpu.program @beyond attributes {arguments = []} {
  %huge = rpu.buffer acc "huge" 9223372036854775807
  %other = rpu.buffer acc "other" 9223372036854775807
  rpu.lanes 1 {
    %one = rpu.lane.constant {value = 1.0 : f32}
    rpu.lane.store %huge, %one {targetView = #rpu.view<0>}
    rpu.lane.store %other, %one {targetView = #rpu.view<0>}
  }
}
