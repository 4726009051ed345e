import ModelImport
import Testing

@Suite("Matrices in 8 bits")
struct GroupQuantizationTests {
    private func data(_ values: [Float16]) -> IRData {
        IRData(values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } })
    }

    @Test("Each group of 64 has a scale of its own, and no number is off by more than half of it")
    func groups() throws {
        let values = (0..<2 * 128).map { index -> Float16 in
            let small = Float16((index * 37) % 101 - 50) / 1000
            return index < 64 ? small * 100 : small
        }
        let matrix = GroupQuantization(.f16, [2, 128], data(values))
        #expect(matrix.groups == 2 && matrix.size == 64)
        let numbers = try matrix.numbers.bytes().map { Int8(bitPattern: $0) }
        let scales = try matrix.scales.bytes()
        for (index, value) in values.enumerated() {
            let place = index / 64 * 4
            let bits = (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(scales[place + $1]) }
            let scale = Float(bitPattern: bits)
            #expect(abs(Float(numbers[index]) * scale - Float(value)) <= scale * 0.5001)
        }
    }

    @Test("Groups of zeros, and weights that are no numbers, give zeros")
    func zeros() throws {
        let matrix = GroupQuantization(.f16, [2, 2], data([0, 0, .infinity, .nan]))
        #expect(try matrix.numbers.bytes() == [0, 0, 0, 0])
        #expect(try matrix.scales.bytes() == [UInt8](repeating: 0, count: 8))
    }

    @Test("Numbers of 16 bits have the values that Swift's own type gives them")
    func halves() {
        for bits in UInt16.min...UInt16.max {
            let (mine, golden) = (Float(halfBits: bits), Float(Float16(bitPattern: bits)))
            #expect(mine == golden || mine.isNaN && golden.isNaN)
        }
    }
}
