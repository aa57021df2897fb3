import CausewayJSON
import Testing

@testable import CausewayWeb

@Suite("The difference of two texts")
struct LineDiffTests {
    private static func text(_ old: String, _ new: String) -> String {
        let signs: [LineDiff.Kind: String] = [.same: " ", .removed: "-", .added: "+", .omitted: "…"]
        return LineDiff(from: old, to: new).lines.map { (signs[$0.kind] ?? "") + $0.text }.joined(separator: "\n")
    }

    @Test("a changed line is removed and added in its place, with the lines around it")
    func changed() {
        #expect(Self.text("a\nb\nc", "a\nB\nc") == " a\n-b\n+B\n c")
        #expect(Self.text("", "a\nb") == "+a\n+b")
        #expect(Self.text("a\nb", "") == "-a\n-b")
        #expect(Self.text("a\nb", "a\nb\nc") == " a\n b\n+c")
        #expect(Self.text("x\na\nb", "a\nb\ny") == "-x\n a\n b\n+y")
    }

    @Test("unchanged lines far from changes are left out, and the place is marked")
    func folded() {
        let lines = (0..<20).map { "line \($0)" }
        var changed = lines
        changed[10] = "another"
        let text = Self.text(lines.joined(separator: "\n"), changed.joined(separator: "\n"))
        let around = [
            "…", " line 7", " line 8", " line 9", "-line 10", "+another", " line 11", " line 12", " line 13", "…",
        ]
        #expect(text == around.joined(separator: "\n"))
    }

    @Test("all lines of both texts are in the difference, in their order", arguments: 0..<50)
    func whole(seed: Int) {
        var state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        // Short, so that no line is folded.
        let old = (0..<next(4)).map { _ in "\(next(3))" }
        let new = (0..<next(4)).map { _ in "\(next(3))" }
        guard old != new else { return }
        let lines = LineDiff(from: old.joined(separator: "\n"), to: new.joined(separator: "\n")).lines
        #expect(lines.filter { $0.kind != .added }.map(\.text) == old)
        #expect(lines.filter { $0.kind != .removed }.map(\.text) == new)
    }
}
