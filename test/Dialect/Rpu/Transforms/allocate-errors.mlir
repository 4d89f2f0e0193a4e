// RUN: rnn-opt %s --pass-pipeline="builtin.module(rnn-target{target=generic},rpu.program(rpu-allocate))" --verify-diagnostics --split-input-file

// expected-error @below {{does not fit the acc memory: it needs 1073741824 bytes}}
// expected-note @below {{big takes 1073741824 bytes}}
rpu.program @large attributes {arguments = []} {
  %acc = rpu.buffer acc "big" 1073741824
  rpu.lanes 1 {
    %one = rpu.lane.constant {value = 1.0 : f32}
    rpu.lane.store %acc, %one {targetView = #rpu.view<0>}
  }
}
