;; Marks where events end and where their keys are, 32 bytes of JSON at a time.
;;
;; The JSON comes piece by piece. For a block of 32 bytes there is one bit a byte in an i32, lowest
;; first: the set of its quotes, of its brackets and so on. What is in strings falls out of these
;; sets by arithmetic (the method of simdjson: Langdale and Lemire, "Parsing gigabytes of JSON per
;; second", sections 3.1.1 to 3.1.3); the brackets that are left are counted one by one.
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
  (global $inString (mut i32) (i32.const 0))
  (global $escaped (mut i32) (i32.const 0))
  (global $depth (mut i32) (i32.const 0))

  ;; Forgets what came before: the next piece begins between two events.
  (func (export "reset")
    (global.set $inString (i32.const 0))
    (global.set $escaped (i32.const 0))
    (global.set $depth (i32.const 0))
    (global.set $reason (i32.const 0)))

  (func $stopAt (param $reason i32) (param $at i32)
    (global.set $reason (local.get $reason))
    (global.set $stop (local.get $at)))

  ;; The set of the escaped bytes, those behind an odd number of backslashes. A row of backslashes
  ;; carries through when its start is taken from it shifted; whether it ends at an odd or at an
  ;; even place is seen against the pattern of the odd places.
  (func $findEscaped (param $backslashes i32) (param $isFirstEscaped i32) (result i32)
    (local $starts i32)
    (local.set $starts
      (i32.and (local.get $backslashes) (i32.xor (local.get $isFirstEscaped) (i32.const -1))))
    (i32.xor
      (i32.or (local.get $backslashes) (local.get $isFirstEscaped))
      (i32.xor
        (i32.const 0xaaaaaaaa)
        (i32.sub
          (i32.or (i32.const 0xaaaaaaaa) (i32.shl (local.get $starts) (i32.const 1)))
          (local.get $starts)))))

  ;; The set of the bytes like those of `sought`.
  (func $findBytes (param $low v128) (param $high v128) (param $sought v128) (result i32)
    (i32.or
      (i8x16.bitmask (i8x16.eq (local.get $low) (local.get $sought)))
      (i32.shl
        (i8x16.bitmask (i8x16.eq (local.get $high) (local.get $sought)))
        (i32.const 16))))

  ;; The set of the control characters that cannot stand where they do: line breaks anywhere, the
  ;; others outside strings.
  (func $findMisplacedControls
    (param $low v128) (param $high v128) (param $outside i32) (result i32)
    (i32.or
      (call $findBytes (local.get $low) (local.get $high) (i8x16.splat (i32.const 0x0a)))
      (i32.or
        (call $findBytes (local.get $low) (local.get $high) (i8x16.splat (i32.const 0x0d)))
        (i32.and
          (local.get $outside)
          (i32.or
            (i8x16.bitmask (i8x16.lt_u (local.get $low) (i8x16.splat (i32.const 0x20))))
            (i32.shl
              (i8x16.bitmask (i8x16.lt_u (local.get $high) (i8x16.splat (i32.const 0x20))))
              (i32.const 16)))))))

  ;; Marks a piece of so many bytes, a multiple of 32; the result is where the marks end.
  (func (export "mark") (param $length i32) (result i32)
    ;; Sixteen times the byte that each is named for.
    (local $quote v128) (local $backslash v128) (local $space v128) (local $colon v128)
    (local $lastControl v128) (local $bracketBits v128) (local $bracket v128)
    ;; The globals of the same names, for the time being.
    (local $inString i32) (local $escaped i32) (local $depth i32)
    ;; The block in hand: where it begins, its halves, its sets.
    (local $block i32) (local $low v128) (local $high v128)
    (local $quotes i32) (local $backslashes i32) (local $strings i32) (local $wrong i32)
    (local $outside i32) (local $brackets i32)
    ;; The bracket in hand, what lies before it, and where the next mark goes.
    (local $at i32) (local $byte i32) (local $kind i32) (local $reach i32) (local $own i32) (local $mark i32)

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
        (local.set $low (v128.load (local.get $block)))
        (local.set $high (v128.load offset=16 (local.get $block)))

        ;; The quotes that open or close a string. The byte behind the block is escaped by a
        ;; backslash at its end that is not escaped itself.
        (local.set $quotes
          (i32.or
            (i8x16.bitmask (i8x16.eq (local.get $low) (local.get $quote)))
            (i32.shl
              (i8x16.bitmask (i8x16.eq (local.get $high) (local.get $quote)))
              (i32.const 16))))
        (local.set $backslashes
          (i32.or
            (i8x16.bitmask (i8x16.eq (local.get $low) (local.get $backslash)))
            (i32.shl
              (i8x16.bitmask (i8x16.eq (local.get $high) (local.get $backslash)))
              (i32.const 16))))
        (if (i32.or (local.get $backslashes) (local.get $escaped))
          (then
            (local.set $escaped (call $findEscaped (local.get $backslashes) (local.get $escaped)))
            (local.set $quotes
              (i32.and (local.get $quotes) (i32.xor (local.get $escaped) (i32.const -1))))
            (local.set $escaped
              (i32.shr_u
                (i32.and (local.get $backslashes) (i32.xor (local.get $escaped) (i32.const -1)))
                (i32.const 31)))))

        ;; In strings are the bytes up to which the number of quotes is odd, opening quotes too.
        (local.set $strings
          (i32.xor (local.get $quotes) (i32.shl (local.get $quotes) (i32.const 1))))
        (local.set $strings
          (i32.xor (local.get $strings) (i32.shl (local.get $strings) (i32.const 2))))
        (local.set $strings
          (i32.xor (local.get $strings) (i32.shl (local.get $strings) (i32.const 4))))
        (local.set $strings
          (i32.xor (local.get $strings) (i32.shl (local.get $strings) (i32.const 8))))
        (local.set $strings
          (i32.xor (local.get $strings) (i32.shl (local.get $strings) (i32.const 16))))
        (local.set $strings (i32.xor (local.get $strings) (local.get $inString)))
        (local.set $inString (i32.shr_s (local.get $strings) (i32.const 31)))
        (local.set $outside (i32.xor (local.get $strings) (i32.const -1)))

        ;; What cannot stand where it does: backslashes and white space outside strings, and line
        ;; breaks anywhere. Control characters are rare enough to be looked at apart. Behind the
        ;; first such byte nothing is marked.
        (local.set $wrong
          (i32.and
            (local.get $outside)
            (i32.or
              (local.get $backslashes)
              (i32.or
                (i8x16.bitmask (i8x16.eq (local.get $low) (local.get $space)))
                (i32.shl
                  (i8x16.bitmask (i8x16.eq (local.get $high) (local.get $space)))
                  (i32.const 16))))))
        (if (v128.any_true
              (i8x16.le_u (i8x16.min_u (local.get $low) (local.get $high)) (local.get $lastControl)))
          (then
            (local.set $wrong
              (i32.or
                (local.get $wrong)
                (call $findMisplacedControls
                  (local.get $low) (local.get $high) (local.get $outside))))))
        (if (local.get $wrong)
          (then
            (local.set $outside
              (i32.and
                (local.get $outside)
                (i32.and
                  (i32.sub (local.get $wrong) (i32.const 1))
                  (i32.xor (local.get $wrong) (i32.const -1)))))))

        ;; The four brackets have the bits 0x59 and not 0x80. So have `Y`, `_`, `y` and DEL, which
        ;; the bits 2 and 4 tell apart below.
        (local.set $brackets
          (i32.and
            (local.get $outside)
            (i32.or
              (i8x16.bitmask
                (i8x16.eq (v128.and (local.get $low) (local.get $bracketBits)) (local.get $bracket)))
              (i32.shl
                (i8x16.bitmask
                  (i8x16.eq
                    (v128.and (local.get $high) (local.get $bracketBits))
                    (local.get $bracket)))
                (i32.const 16)))))

        (block $walked
          (loop $nextBracket
            ;; The colons up to the next bracket, or to the end of the block, are marked if they
            ;; stand in the event itself, and their key ends with `d` or `4`.
            (local.set $reach
              (i32.xor (local.get $brackets) (i32.sub (local.get $brackets) (i32.const 1))))
            (if (i32.eq (local.get $depth) (i32.const 1))
              (then
                (local.set $own
                  (i32.and
                    (i32.and (local.get $outside) (local.get $reach))
                    (i32.or
                      (i8x16.bitmask (i8x16.eq (local.get $low) (local.get $colon)))
                      (i32.shl
                        (i8x16.bitmask (i8x16.eq (local.get $high) (local.get $colon)))
                        (i32.const 16)))))
                (block $marked
                  (loop $nextColon
                    (br_if $marked (i32.eqz (local.get $own)))
                    (local.set $at (i32.add (local.get $block) (i32.ctz (local.get $own))))
                    (local.set $own
                      (i32.and (local.get $own) (i32.sub (local.get $own) (i32.const 1))))
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
            (br_if $walked (i32.eqz (local.get $brackets)))
            (local.set $outside
              (i32.and (local.get $outside) (i32.xor (local.get $reach) (i32.const -1))))
            (local.set $at (i32.add (local.get $block) (i32.ctz (local.get $brackets))))
            (local.set $brackets
              (i32.and (local.get $brackets) (i32.sub (local.get $brackets) (i32.const 1))))
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

        (if (local.get $wrong)
          (then
            (local.set $at (i32.ctz (local.get $wrong)))
            (call $stopAt
              (select
                (i32.const 2)
                (i32.const 1)
                (i32.and (i32.const 1) (i32.shr_u (local.get $strings) (local.get $at))))
              (i32.add (local.get $block) (local.get $at)))
            (br $stopped)))
        (local.set $block (i32.add (local.get $block) (i32.const 32)))
        (br $nextBlock)))

    (global.set $inString (local.get $inString))
    (global.set $escaped (local.get $escaped))
    (global.set $depth (local.get $depth))
    (local.get $mark)))
