#!/usr/bin/env bash
# Runs a compiler through ccache, so that a compilation in one clone serves every other: cached-compiler.sh COMPILER ARG...
# Started in a build folder. Paths below the project are made relative, save those of definitions, which a program may
# open; ccache itself leaves those behind -Xclang.
# A precompiled header holds absolute paths and is compiled in each clone; what is compiled with it is found by a
# checksum of its source and flags in FILE.pch.sum.
source=${BASH_SOURCE[0]%/cmake/*}
args=("$@")
if [ "${PWD%/*}" = "$source" ]; then
  for i in "${!args[@]}"; do
    [[ ${args[i]} == -D* ]] && continue
    args[i]=${args[i]//"$PWD"\//}
    args[i]=${args[i]//"$source"\//../}
  done
fi

for ((i = 1; i < ${#args[@]}; i++)); do
  case ${args[i]} in
    -o) output=${args[i + 1]} ;;
    -emit-pch) pch=1 ;;
  esac
done
if [ -n "${pch:-}" ]; then
  "$@" || exit
  # CMake names the header in a file of its own; its folder is the only thing that is not the same everywhere.
  headers=$(sed -n 's/^#include "\(.*\)"$/\1/p' "${output%.pch}")
  { printf '%s\n' "${args[@]}"; cat $headers; } | sha256sum >"$output.sum"
  exit
fi

export CCACHE_BASEDIR=$source CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
exec ccache "${args[@]}"
