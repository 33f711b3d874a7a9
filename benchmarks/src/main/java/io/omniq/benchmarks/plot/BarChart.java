/* Copyright the OmniQ authors. Licensed under Apache-2.0. */

package io.omniq.benchmarks.plot;

import io.omniq.benchmarks.Line;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A bar for each system, grouped by what they survive; OmniQ's in another colour. The axis is logarithmic where the values
 * differ too much for another, and says so.
 */
final class BarChart {
    private static final int WIDTH = 760;
    private static final int LABELS = 270;
    private static final int VALUES = 90;
    private static final int ROW = 20;
    private static final int BAR = 14;
    private static final int TOP = 52;
    /** From here on the smallest bar could not be seen beside the largest. */
    private static final double TOO_DIFFERENT = 20;

    private final StringBuilder svg = new StringBuilder();
    private final double most;
    /** The value at the foot of the bars: a power of ten, or zero for a linear axis. */
    private final double foot;

    private BarChart(List<Line> lines) {
        this.most = lines.stream().mapToDouble(Line::value).max().orElse(1);
        double least = lines.stream().mapToDouble(Line::value).min().orElse(1);
        this.foot = least > 0 && most / least > TOO_DIFFERENT ? Math.pow(10, Math.floor(Math.log10(least / 1.5))) : 0;
    }

    static String of(String title, List<Line> lines) {
        return new BarChart(lines).draw(title, lines);
    }

    private String draw(String title, List<Line> lines) {
        Map<String, List<Line>> groups = lines.stream()
                .collect(Collectors.groupingBy(Line::durability, LinkedHashMap::new, Collectors.toList()));
        int height = TOP + ROW * (lines.size() + groups.size()) + 12;
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"%1$d\" height=\"%2$d\""
                        + " fill=\"#ffffff\"/>%n",
                WIDTH,
                height));
        text(12, 22, "start", "bold", title);
        text(12, 39, "start", "normal", foot > 0 ? "logarithmic axis, from " + number(foot) : "linear axis, from 0");
        int y = TOP;
        for (Map.Entry<String, List<Line>> group : groups.entrySet()) {
            text(12, y + BAR, "start", "bold", "survives: " + group.getKey());
            y += ROW;
            for (Line line : group.getValue()) {
                bar(y, line);
                y += ROW;
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private void bar(int y, Line line) {
        int space = WIDTH - LABELS - VALUES;
        double share = foot > 0
                ? Math.log10(line.value() / foot) / Math.log10(most / foot)
                : most > 0 ? line.value() / most : 0;
        double length = Math.max(1, share * space);
        text(LABELS - 8, y + BAR - 2, "end", "normal", line.system() + " · " + line.store());
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                LABELS,
                y,
                length,
                BAR,
                line.system().startsWith("OmniQ") ? "#d9480f" : "#748ffc"));
        text((int) (LABELS + length + 6), y + BAR - 2, "start", "normal", number(line.value()));
    }

    private void text(int x, int y, String anchor, String weight, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" font-weight=\"%s\" fill=\"#212529\">%s</text>%n",
                x,
                y,
                anchor,
                weight,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }

    private static String number(double value) {
        if (value == Math.rint(value) || Math.abs(value) >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 1 ? "%.1f" : "%.3f", value);
    }
}
