import CausewayAPI
import CausewayModel

/// The number of events in each day or hour, with the filter of the log.
struct EventChart: Sendable {
    let texts: Texts

    /// The volume, as the API returns it.
    private struct VolumeView: Decodable {
        let countedSince: String?
        let spans: [Span]

        struct Span: Decodable {
            let time: String
            let changes: Int
            let runs: Int
            let access: Int
            let problems: Int
        }
    }

    /// - Parameter query: `span` is the length of a bar, `hour` or `day`.
    func drawing(_ filter: EventFilterForm, _ query: FormFields, _ api: APIClient) async throws -> BarDrawing {
        let isHourly = ["hours=1", "days=1"].contains(filter["period"])
        let span = isHourly ? "hour" : "day"
        let path = "/causeway/events/volume/".adding([("span", span)] + filter.parameters)
        let volume = try await api.get(path, as: VolumeView.self)
        let areas = EventKind.Area.allCases
        let chart = BarChart(
            parts: areas.map { ($0.rawValue, texts("event.areas.\($0.rawValue)")) },
            bars: volume.spans.map { span in
                BarChart.Bar(
                    label: label(span.time, isHourly: isHourly),
                    counts: [span.changes, span.runs, span.access, span.problems],
                    address: nil
                )
            }
        )
        var title = texts("event.chart.\(span)")
        if let since = volume.countedSince {
            title += " " + texts("event.chart.since", ["time": texts.day(String(since.prefix(10)))])
        }
        return chart.drawing(title: title, texts)
    }

    /// The day, with the hour if bars are hours; in UTC.
    private func label(_ time: String, isHourly: Bool) -> String {
        isHourly ? String(time.prefix(16)).replacing("T", with: " ") : texts.day(String(time.prefix(10)))
    }
}
