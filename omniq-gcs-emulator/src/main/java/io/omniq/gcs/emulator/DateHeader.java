/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.gcs.emulator;

import com.sun.net.httpserver.Headers;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.AbstractList;
import java.util.Locale;

/**
 * The value of the {@code Server} header, which also sets the {@code Date} header to the time of our server.
 *
 * <p>The JDK's server overwrites {@code Date} with the time of the machine at the last moment, when the answer is
 * already being sent; there is no switch. Then it writes the headers in the order of a hash map, in which {@code Server}
 * comes before {@code Date} whatever else there is. So this list of one value corrects the date when it is read for the
 * second time. If a later JDK does it otherwise, the date is that of the machine, and a test of ours fails.
 */
final class DateHeader extends AbstractList<String> {
    static final String CARRIER = "Server";
    private static final String SOFTWARE = "omniq-gcs-emulator";
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Headers headers;
    private final String date;

    private DateHeader(Headers headers, Instant now) {
        this.headers = headers;
        this.date = FORMAT.format(now);
    }

    static void set(Headers headers, Instant now) {
        headers.put(CARRIER, new DateHeader(headers, now));
    }

    @Override
    public String get(int index) {
        if (headers.containsKey("Date")) {
            headers.set("Date", date);
        }
        return SOFTWARE;
    }

    @Override
    public int size() {
        return 1;
    }
}
