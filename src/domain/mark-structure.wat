;; Marks where events end and where their keys are, 64 bytes of JSON at a time.
;;
;; The JSON comes piece by piece. For a block of 64 bytes there is one bit a byte in an i64, lowest
;; first: the set of its quotes, of its brackets and so on, each put together from four vectors. How
;; that is done is written out time and again, for V8 does not inline what is called. What is in
;; strings falls out of these sets by arithmetic (the method of simdjson: Langdale and Lemire,
;; "Parsing gigabytes of JSON per second", sections 3.1.1 to 3.1.3); the brackets that are left are
;; counted one by one.
;; In such arithmetic `x & (x - 1)` is x without its lowest bit, and `x ^ (x - 1)` that bit and all
;; below it.
;;
;; structure-marker.ts says what is promised; plain-marker.ts does the same in TypeScript.
(module
  ;; 0        one piece of JSON; the last block is filled up with a byte that means nothing
  ;; 0x8000   the marks: a colon at n as n, the end of an event at n as ~n, four bytes each
  ;; 0x28000  the closing brackets that are still to come, innermost last
  (memory (export "memory") 4)
  (global $marks i32 (i32.const 0x8000))
  (global $owed i32 (i32.const 0x28000))
  (global $mostOwed i32 (i32.const 0x18000))

  ;; Why marking has stopped (0: it has not), and at which byte of the piece.
  (global $reason (export "reason") (mut i32) (i32.const 0))
  (global $stop (export "stop") (mut i32) (i32.const 0))

  ;; What a piece has to know of those before: all ones within a string; whether its first byte is
  ;; escaped; how many brackets are open.
  (global $inString (mut i64) (i64.const 0))
  (global $escaped (mut i64) (i64.const 0))
  (global $depth (mut i32) (i32.const 0))

  ;; Forgets what came before: the next piece begins between two events.
  (func (export "reset")
    (global.set $inString (i64.const 0))
    (global.set $escaped (i64.const 0))
    (global.set $depth (i32.const 0))
    (global.set $reason (i32.const 0)))

  (func $stopAt (param $reason i32) (param $at i32)
    (global.set $reason (local.get $reason))
    (global.set $stop (local.get $at)))

  ;; The set of the escaped bytes, those behind an odd number of backslashes. A row of backslashes
  ;; carries through when its start is taken from it shifted; whether it ends at an odd or at an
  ;; even place is seen against the pattern of the odd places.
  (func $findEscaped (param $backslashes i64) (param $isFirstEscaped i64) (result i64)
    (local $starts i64)
    (local.set $starts
      (i64.and (local.get $backslashes) (i64.xor (local.get $isFirstEscaped) (i64.const -1))))
    (i64.xor
      (i64.or (local.get $backslashes) (local.get $isFirstEscaped))
      (i64.xor
        (i64.const 0xaaaaaaaaaaaaaaaa)
        (i64.sub
          (i64.or (i64.const 0xaaaaaaaaaaaaaaaa) (i64.shl (local.get $starts) (i64.const 1)))
          (local.get $starts)))))

  ;; The set of the bytes like those of `sought`.
  (func $findBytes
    (param $a v128) (param $b v128) (param $c v128) (param $d v128) (param $sought v128)
    (result i64)
    (i64.or
      (i64.extend_i32_u
        (i32.or
          (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $sought)))
          (i32.shl (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $sought))) (i32.const 16))))
      (i64.shl
        (i64.extend_i32_u
          (i32.or
            (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $sought)))
            (i32.shl (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $sought))) (i32.const 16))))
        (i64.const 32))))

  ;; The set of the control characters that cannot stand where they do: line breaks anywhere, the
  ;; others outside strings.
  (func $findMisplacedControls
    (param $a v128) (param $b v128) (param $c v128) (param $d v128) (param $outside i64)
    (result i64)
    (local $space v128)
    (local.set $space (i8x16.splat (i32.const 0x20)))
    (i64.or
      (call $findBytes
        (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i8x16.splat (i32.const 0x0a)))
      (i64.or
        (call $findBytes
          (local.get $a) (local.get $b) (local.get $c) (local.get $d) (i8x16.splat (i32.const 0x0d)))
        (i64.and
          (local.get $outside)
          (i64.or
            (i64.extend_i32_u
              (i32.or
                (i8x16.bitmask (i8x16.lt_u (local.get $a) (local.get $space)))
                (i32.shl
                  (i8x16.bitmask (i8x16.lt_u (local.get $b) (local.get $space)))
                  (i32.const 16))))
            (i64.shl
              (i64.extend_i32_u
                (i32.or
                  (i8x16.bitmask (i8x16.lt_u (local.get $c) (local.get $space)))
                  (i32.shl
                    (i8x16.bitmask (i8x16.lt_u (local.get $d) (local.get $space)))
                    (i32.const 16))))
              (i64.const 32)))))))

  ;; Marks a piece of so many bytes, a multiple of 64; the result is where the marks end.
  (func (export "mark") (param $length i32) (result i32)
    ;; Sixteen times the byte that each is named for.
    (local $quote v128) (local $backslash v128) (local $space v128) (local $colon v128)
    (local $lastControl v128) (local $bracketBits v128) (local $bracket v128)
    ;; The globals of the same names, for the time being.
    (local $inString i64) (local $escaped i64) (local $depth i32)
    ;; The block in hand: where it begins, its quarters, its sets.
    (local $block i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $quotes i64) (local $backslashes i64) (local $strings i64) (local $wrong i64)
    (local $outside i64) (local $brackets i64)
    ;; The bracket in hand, what lies before it, and where the next mark goes.
    (local $at i32) (local $byte i32) (local $kind i32) (local $reach i64) (local $own i64)
    (local $mark i32)

    (local.set $quote (i8x16.splat (i32.const 0x22)))
    (local.set $backslash (i8x16.splat (i32.const 0x5c)))
    (local.set $space (i8x16.splat (i32.const 0x20)))
    (local.set $colon (i8x16.splat (i32.const 0x3a)))
    (local.set $lastControl (i8x16.splat (i32.const 0x1f)))
    (local.set $bracketBits (i8x16.splat (i32.const 0xd9)))
    (local.set $bracket (i8x16.splat (i32.const 0x59)))
    (local.set $inString (global.get $inString))
    (local.set $escaped (global.get $escaped))
    (local.set $depth (global.get $depth))
    (local.set $mark (global.get $marks))

    (block $stopped
      (loop $nextBlock
        (br_if $stopped (i32.ge_u (local.get $block) (local.get $length)))
        (local.set $a (v128.load (local.get $block)))
        (local.set $b (v128.load offset=16 (local.get $block)))
        (local.set $c (v128.load offset=32 (local.get $block)))
        (local.set $d (v128.load offset=48 (local.get $block)))

        ;; The quotes that open or close a string. The byte behind the block is escaped by a
        ;; backslash at its end that is not escaped itself.
        (local.set $quotes
          (i64.or
            (i64.extend_i32_u
              (i32.or
                (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $quote)))
                (i32.shl
                  (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $quote)))
                  (i32.const 16))))
            (i64.shl
              (i64.extend_i32_u
                (i32.or
                  (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $quote)))
                  (i32.shl
                    (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $quote)))
                    (i32.const 16))))
              (i64.const 32))))
        (local.set $backslashes
          (i64.or
            (i64.extend_i32_u
              (i32.or
                (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $backslash)))
                (i32.shl
                  (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $backslash)))
                  (i32.const 16))))
            (i64.shl
              (i64.extend_i32_u
                (i32.or
                  (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $backslash)))
                  (i32.shl
                    (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $backslash)))
                    (i32.const 16))))
              (i64.const 32))))
        (if (i64.ne (i64.or (local.get $backslashes) (local.get $escaped)) (i64.const 0))
          (then
            (local.set $escaped (call $findEscaped (local.get $backslashes) (local.get $escaped)))
            (local.set $quotes
              (i64.and (local.get $quotes) (i64.xor (local.get $escaped) (i64.const -1))))
            (local.set $escaped
              (i64.shr_u
                (i64.and (local.get $backslashes) (i64.xor (local.get $escaped) (i64.const -1)))
                (i64.const 63)))))

        ;; In strings are the bytes up to which the number of quotes is odd, opening quotes too.
        (local.set $strings
          (i64.xor (local.get $quotes) (i64.shl (local.get $quotes) (i64.const 1))))
        (local.set $strings
          (i64.xor (local.get $strings) (i64.shl (local.get $strings) (i64.const 2))))
        (local.set $strings
          (i64.xor (local.get $strings) (i64.shl (local.get $strings) (i64.const 4))))
        (local.set $strings
          (i64.xor (local.get $strings) (i64.shl (local.get $strings) (i64.const 8))))
        (local.set $strings
          (i64.xor (local.get $strings) (i64.shl (local.get $strings) (i64.const 16))))
        (local.set $strings
          (i64.xor (local.get $strings) (i64.shl (local.get $strings) (i64.const 32))))
        (local.set $strings (i64.xor (local.get $strings) (local.get $inString)))
        (local.set $inString (i64.shr_s (local.get $strings) (i64.const 63)))
        (local.set $outside (i64.xor (local.get $strings) (i64.const -1)))

        ;; What cannot stand where it does: backslashes and white space outside strings, and line
        ;; breaks anywhere. Control characters are rare enough to be looked at apart. Behind the
        ;; first such byte nothing is marked.
        (local.set $wrong
          (i64.and
            (local.get $outside)
            (i64.or
              (local.get $backslashes)
              (i64.or
                (i64.extend_i32_u
                  (i32.or
                    (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $space)))
                    (i32.shl
                      (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $space)))
                      (i32.const 16))))
                (i64.shl
                  (i64.extend_i32_u
                    (i32.or
                      (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $space)))
                      (i32.shl
                        (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $space)))
                        (i32.const 16))))
                  (i64.const 32))))))
        (if (v128.any_true
              (i8x16.le_u
                (i8x16.min_u
                  (i8x16.min_u (local.get $a) (local.get $b))
                  (i8x16.min_u (local.get $c) (local.get $d)))
                (local.get $lastControl)))
          (then
            (local.set $wrong
              (i64.or
                (local.get $wrong)
                (call $findMisplacedControls
                  (local.get $a) (local.get $b) (local.get $c) (local.get $d)
                  (local.get $outside))))))
        (if (i64.ne (local.get $wrong) (i64.const 0))
          (then
            (local.set $outside
              (i64.and
                (local.get $outside)
                (i64.and
                  (i64.sub (local.get $wrong) (i64.const 1))
                  (i64.xor (local.get $wrong) (i64.const -1)))))))

        ;; The four brackets have the bits 0x59 and not 0x80. So have `Y`, `_`, `y` and DEL, which
        ;; the bits 2 and 4 tell apart below.
        (local.set $brackets
          (i64.and
            (local.get $outside)
            (i64.or
              (i64.extend_i32_u
                (i32.or
                  (i8x16.bitmask
                    (i8x16.eq
                      (v128.and (local.get $a) (local.get $bracketBits))
                      (local.get $bracket)))
                  (i32.shl
                    (i8x16.bitmask
                      (i8x16.eq
                        (v128.and (local.get $b) (local.get $bracketBits))
                        (local.get $bracket)))
                    (i32.const 16))))
              (i64.shl
                (i64.extend_i32_u
                  (i32.or
                    (i8x16.bitmask
                      (i8x16.eq
                        (v128.and (local.get $c) (local.get $bracketBits))
                        (local.get $bracket)))
                    (i32.shl
                      (i8x16.bitmask
                        (i8x16.eq
                          (v128.and (local.get $d) (local.get $bracketBits))
                          (local.get $bracket)))
                      (i32.const 16))))
                (i64.const 32)))))

        (block $walked
          (loop $nextBracket
            ;; The colons up to the next bracket, or to the end of the block, are marked if they
            ;; stand in the event itself, and their key ends with `d` or `4`.
            (local.set $reach
              (i64.xor (local.get $brackets) (i64.sub (local.get $brackets) (i64.const 1))))
            (if (i32.eq (local.get $depth) (i32.const 1))
              (then
                (local.set $own
                  (i64.and
                    (i64.and (local.get $outside) (local.get $reach))
                    (i64.or
                      (i64.extend_i32_u
                        (i32.or
                          (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $colon)))
                          (i32.shl
                            (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $colon)))
                            (i32.const 16))))
                      (i64.shl
                        (i64.extend_i32_u
                          (i32.or
                            (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $colon)))
                            (i32.shl
                              (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $colon)))
                              (i32.const 16))))
                        (i64.const 32)))))
                (block $marked
                  (loop $nextColon
                    (br_if $marked (i64.eqz (local.get $own)))
                    (local.set $at
                      (i32.add (local.get $block) (i32.wrap_i64 (i64.ctz (local.get $own)))))
                    (local.set $own
                      (i64.and (local.get $own) (i64.sub (local.get $own) (i64.const 1))))
                    ;; Of the first two bytes it is not known here which key is before them.
                    (if (i32.ge_u (local.get $at) (i32.const 2))
                      (then
                        (local.set $byte (i32.load8_u (i32.sub (local.get $at) (i32.const 2))))
                        (br_if $nextColon
                          (i32.and
                            (i32.ne (local.get $byte) (i32.const 0x64))
                            (i32.ne (local.get $byte) (i32.const 0x34))))))
                    (i32.store (local.get $mark) (local.get $at))
                    (local.set $mark (i32.add (local.get $mark) (i32.const 4)))
                    (br $nextColon)))))
            (br_if $walked (i64.eqz (local.get $brackets)))
            (local.set $outside
              (i64.and (local.get $outside) (i64.xor (local.get $reach) (i64.const -1))))
            (local.set $at
              (i32.add (local.get $block) (i32.wrap_i64 (i64.ctz (local.get $brackets)))))
            (local.set $brackets
              (i64.and (local.get $brackets) (i64.sub (local.get $brackets) (i64.const 1))))
            (local.set $byte (i32.load8_u (local.get $at)))

            ;; Of the bits 2 and 4, opening brackets have 2 and closing ones 4. A closing one is its
            ;; opening one plus two.
            (local.set $kind (i32.and (local.get $byte) (i32.const 6)))
            (if (i32.eq (local.get $kind) (i32.const 2))
              (then
                (if (i32.eq (local.get $depth) (global.get $mostOwed))
                  (then
                    (call $stopAt (i32.const 3) (local.get $at))
                    (br $stopped)))
                (i32.store8
                  (i32.add (global.get $owed) (local.get $depth))
                  (i32.add (local.get $byte) (i32.const 2)))
                (local.set $depth (i32.add (local.get $depth) (i32.const 1)))))
            (if (i32.eq (local.get $kind) (i32.const 4))
              (then
                ;; Below the brackets that are owed lie marks: the last byte of one is no bracket.
                (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
                (if (i32.ne
                      (local.get $byte)
                      (i32.load8_u (i32.add (global.get $owed) (local.get $depth))))
                  (then
                    (call $stopAt (i32.const 1) (local.get $at))
                    (br $stopped)))
                (if (i32.eqz (local.get $depth))
                  (then
                    (i32.store (local.get $mark) (i32.xor (local.get $at) (i32.const -1)))
                    (local.set $mark (i32.add (local.get $mark) (i32.const 4)))))))
            (br $nextBracket)))

        (if (i64.ne (local.get $wrong) (i64.const 0))
          (then
            (local.set $at (i32.wrap_i64 (i64.ctz (local.get $wrong))))
            (call $stopAt
              (select
                (i32.const 2)
                (i32.const 1)
                (i32.and
                  (i32.const 1)
                  (i32.wrap_i64
                    (i64.shr_u (local.get $strings) (i64.extend_i32_u (local.get $at))))))
              (i32.add (local.get $block) (local.get $at)))
            (br $stopped)))
        (local.set $block (i32.add (local.get $block) (i32.const 64)))
        (br $nextBlock)))

    (global.set $inString (local.get $inString))
    (global.set $escaped (local.get $escaped))
    (global.set $depth (local.get $depth))
    (local.get $mark)))
