import Testing

@testable import causeway_bench

@Suite("Numbers for a person")
struct ShortNumberTests {
    @Test(
        "about three digits count",
        arguments: [
            (12_345.6, "12346"), (123.4, "123"), (12.34, "12.3"), (1.234, "1.23"), (0.1234, "0.123"), (0, "0.000"),
            (-0.0001, "0.000"),
            (-0.5, "-0.500"),
        ]
    )
    func short(_ number: Double, _ text: String) { #expect(ShortNumber.text(number) == text) }

    @Test(
        "no digit more than needed",
        arguments: [(500, "500"), (2, "2"), (0.05, "0.05"), (0.1, "0.1"), (10_000, "10000")]
    )
    func plain(_ number: Double, _ text: String) { #expect(ShortNumber.plain(number) == text) }

    @Test(
        "commas between thousands",
        arguments: [(1, "1"), (1000, "1,000"), (300_000, "300,000"), (1_234_567, "1,234,567")]
    )
    func grouped(_ number: Int, _ text: String) { #expect(ShortNumber.grouped(number) == text) }
}
