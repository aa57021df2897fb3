import Synchronization

/// A page of a list.
struct ListPage {
    var entries: [(index: EntryIndex, entry: DirectoryEntry)] = []
    /// Where the next page starts; nil after the last.
    var next: PageToken.Place?
    /// Of the whole list, if it was requested.
    var count: Int?
}

/// Reads pages of lists. A list continues from a position in the table, so that changes between pages neither repeat nor
/// hide anything; a list with an order is sorted once and kept for its further pages.
struct ListReader {
    let options: QueryOptions
    let orders: OrderedLists
    /// The list's address, which identifies a sorted one.
    let address: String

    /// - Parameters:
    ///   - indices: where the elements may be, ascending.
    ///   - knownCount: the number of elements, if it is known without reading them.
    ///   - admitted: the object at a position as the reader sees it; nil if it does not belong to the list.
    func page(
        of indices: [EntryIndex],
        knownCount: Int? = nil,
        _ admitted: (EntryIndex) -> DirectoryEntry?
    ) -> ListPage {
        var page = options.order.isEmpty ? page(from: indices, admitted) : sortedPage(of: indices, admitted)
        if options.isCounted, options.start.isFirst {
            page.count = knownCount ?? indices.count { admitted($0) != nil }
        }
        return page
    }

    private func page(from indices: [EntryIndex], _ admitted: (EntryIndex) -> DirectoryEntry?) -> ListPage {
        var page = ListPage()
        for index in indices.from(EntryIndex(clamping: options.start.number)) {
            guard let entry = admitted(index) else { continue }
            guard page.entries.count < options.size else {
                page.next = PageToken.Place(number: Int(index))
                break
            }
            page.entries.append((index, entry))
        }
        return page
    }

    private func sortedPage(of indices: [EntryIndex], _ admitted: (EntryIndex) -> DirectoryEntry?) -> ListPage {
        let list = orders.list(options.start.list, of: address) ?? sorted(indices, admitted)
        let start = min(options.start.number, list.count)
        let end = min(start + options.size, list.count)
        var page = ListPage()
        for index in list[start..<end] {
            if let entry = admitted(index) { page.entries.append((index, entry)) }
        }
        if end < list.count {
            let number = options.start.list ?? orders.keep(list, of: address)
            page.next = PageToken.Place(number: end, list: number)
        }
        return page
    }

    private func sorted(_ indices: [EntryIndex], _ admitted: (EntryIndex) -> DirectoryEntry?) -> [EntryIndex] {
        let entries = indices.compactMap { index in admitted(index).map { (index: index, entry: $0) } }
        // The sort is stable: equal elements stay in the table's order.
        return entries.sorted { options.areInOrder($0.entry, $1.entry) }.map(\.index)
    }
}

/// Sorted lists that are being read page by page. The latest few are kept; others are sorted again.
final class OrderedLists: Sendable {
    private struct List {
        let number: Int
        let address: String
        let items: [EntryIndex]
    }

    private let state = Mutex((lists: [List](), latest: 0))

    private static let kept = 8

    func list(_ number: Int?, of address: String) -> [EntryIndex]? {
        state.withLock { $0.lists.first { $0.number == number && $0.address == address }?.items }
    }

    /// - Returns: the list's number.
    func keep(_ items: [EntryIndex], of address: String) -> Int {
        state.withLock { state in
            state.latest += 1
            state.lists.append(List(number: state.latest, address: address, items: items))
            if state.lists.count > Self.kept { state.lists.removeFirst() }
            return state.latest
        }
    }
}
