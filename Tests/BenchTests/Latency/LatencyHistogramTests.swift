import CausewayJSON
import Testing

@testable import causeway_bench

@Suite("The histogram of latencies")
struct LatencyHistogramTests {
    @Test("buckets go from the first time to the last, and a limit belongs to the next bucket")
    func buckets() {
        let histogram = LatencyHistogram(milliseconds: [25, 3, 4.9, 5, 3])
        #expect(
            histogram.buckets == [
                LatencyHistogram.Bucket(below: 5, count: 3), LatencyHistogram.Bucket(below: 10, count: 1),
                LatencyHistogram.Bucket(below: 20, count: 0), LatencyHistogram.Bucket(below: 50, count: 1),
            ]
        )
        #expect(LatencyHistogram(milliseconds: []).buckets.isEmpty)
    }

    @Test("percentiles are times that were measured")
    func percentiles() {
        let histogram = LatencyHistogram(milliseconds: (1...200).map(Double.init))
        #expect([0, 0.5, 0.9, 0.99, 1].map(histogram.percentile) == [1, 100, 180, 198, 200])
        #expect(LatencyHistogram(milliseconds: []).percentile(0.5) == nil)
    }

    @Test("the text has a bar for each bucket; the result has all numbers")
    func forms() {
        let histogram = LatencyHistogram(milliseconds: [3, 30, 30])
        #expect(histogram.lines[0] == "3 changes, milliseconds: min 3.00, p50 30.0, p90 30.0, p99 30.0, max 30.0")
        #expect(histogram.lines.count == 5)
        #expect(histogram.lines[4].hasSuffix("█ 2"))
        #expect(histogram.json["p50_milliseconds"] == 30.0)
        #expect(histogram.json["buckets"]?.array?.count == 4)
    }
}
