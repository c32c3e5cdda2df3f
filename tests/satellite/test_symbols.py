"""Below the frame: code, decoder, synchronisation, noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satwarn.frame import l1s
from satwarn.satellite import viterbi
from satwarn.satellite.convolution import bits_of, encode
from satwarn.satellite.noise import fading, noise_deviation, white_noise
from satwarn.satellite.symbols import SymbolReceiver, symbols_of

COMPILED = viterbi.kernels()
PLAIN = (viterbi._walk, viterbi._trace, False)
FRAMES = [
    l1s.wrap(44 << 208 | 7 * number, preamble=l1s.preamble_at(number), counter=number % 16) for number in range(12)
]
BITS = st.lists(st.integers(0, 1), min_size=1, max_size=300).map(lambda bits: np.array(bits, dtype=np.uint8))


@pytest.fixture(params=["compiled", "plain"])
def kernel(request, monkeypatch):
    monkeypatch.setattr(viterbi, "kernels", lambda: COMPILED if request.param == "compiled" else PLAIN)


def by_the_definition(bits):
    """The encoder as a shift register, bit by bit."""
    register, symbols = 0, []
    for bit in bits:
        register = register >> 1 | int(bit) << 6
        symbols += [1 - 2 * ((register & generator).bit_count() & 1) for generator in (0o171, 0o133)]
    return symbols


@given(BITS)
def test_the_encoder_is_the_register(bits):
    assert encode(bits).tolist() == by_the_definition(bits)


def test_the_first_symbols_of_a_one():
    """An impulse reads the generators themselves: G1 1111001, G2 1011011."""
    assert encode(np.array([1, 0, 0, 0, 0, 0, 0], dtype=np.uint8))[0::2].tolist() == [-1, -1, -1, -1, 1, 1, -1]
    assert encode(np.array([1, 0, 0, 0, 0, 0, 0], dtype=np.uint8))[1::2].tolist() == [-1, 1, -1, -1, 1, -1, -1]


def decoded(symbols, *sizes):
    decoder, found, at = viterbi.Viterbi(), [], 0
    for size in sizes or (len(symbols),):
        found.append(decoder.feed(symbols[at : at + size]))
        at += size
    return np.concatenate([*found, decoder.feed(symbols[at:]), decoder.end()])


@given(BITS, st.lists(st.integers(1, 50), max_size=6))
@settings(max_examples=20)
def test_bits_come_back_whatever_the_pieces(bits, sizes):
    known = bits_of(FRAMES[:1])  # without it, the state before the first bit is not known
    assert decoded(encode(np.concatenate((known, bits))), *sizes).tolist() == [*known.tolist(), *bits.tolist()]


@pytest.mark.usefixtures("kernel")
def test_some_wrong_symbols_are_mended():
    bits = bits_of(FRAMES)
    symbols = encode(bits)
    symbols[10::40] *= -1
    assert decoded(symbols).tolist() == bits.tolist()


def test_both_kernels_decide_alike():
    chance = np.random.default_rng(5)
    noisy = white_noise(symbols_of(FRAMES), 2.0, chance)
    found = []
    for kernel in (COMPILED, PLAIN):
        walk, trace, _ = kernel
        metric, decisions = np.zeros(64, dtype=np.float32), np.empty((len(noisy) // 2, 64), dtype=np.uint8)
        walk(noisy, metric, *viterbi.branch_signs(), decisions)
        bits = np.empty(len(decisions), dtype=np.uint8)
        trace(decisions, int(metric.argmax()), bits)
        found.append((decisions.tolist(), bits.tolist(), metric.tolist()))
    assert found[0] == found[1]


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("polarity", [1, -1])
@pytest.mark.parametrize("cut", [0, 1, 2, 333])
def test_frames_from_a_stream_that_begins_anywhere(cut, polarity):
    symbols = polarity * symbols_of(FRAMES)[cut:]
    receiver, found = SymbolReceiver(), []
    for at in range(0, len(symbols), 617):
        found += receiver.feed(symbols[at : at + 617])
    found += receiver.end()
    assert found == FRAMES[cut > 0 :]


def test_a_slip_of_one_symbol_is_found_and_mended():
    symbols = symbols_of(FRAMES * 4)
    slipped = np.delete(symbols, 12 * 500 + 5)
    receiver, found = SymbolReceiver(), []
    for at in range(0, len(slipped), 500):
        found += receiver.feed(slipped[at : at + 500])
    found += receiver.end()
    assert found[:12] == FRAMES
    assert found[-12:] == FRAMES
    assert len(found) >= 48 - 8


def test_noise_alone_gives_no_frame():
    receiver = SymbolReceiver()
    assert receiver.feed(np.random.default_rng(3).standard_normal(100_000, dtype=np.float32)) == []


def test_at_5_db_nothing_is_lost_and_at_minus_2_all():
    for eb_n0_db, least, most in ((5.0, 12 * 20, 12 * 20), (-2.0, 0, 12)):
        receiver = SymbolReceiver()
        heard = receiver.feed(white_noise(symbols_of(FRAMES * 20), eb_n0_db, np.random.default_rng(1))) + receiver.end()
        assert least <= len(heard) <= most
        assert set(heard) <= set(FRAMES)


def test_the_noise_has_the_strength_it_says():
    ones = np.ones(200_000, dtype=np.float32)
    for eb_n0_db in (0.0, 3.0, 6.0):
        measured = float(np.std(white_noise(ones, eb_n0_db, np.random.default_rng(2)) - ones))
        assert measured == pytest.approx(noise_deviation(eb_n0_db), rel=0.01)
    assert noise_deviation(0.0) == pytest.approx(1.0)


def test_fading_keeps_the_mean_power_and_moves_slowly():
    ones = np.ones(500_000, dtype=np.float32)
    faded = fading(ones, np.random.default_rng(4), direct_db=3.0, coherence=100)
    assert float(np.mean(faded**2)) == pytest.approx(1.0, abs=0.15)
    assert float(np.abs(np.diff(faded)).max()) < 0.1
    assert faded.min() < 0.5 < faded.max()
